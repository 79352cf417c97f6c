#pragma once
// VFP's control register, which is not of CP15.

#include "drivers/cpu/registers.hpp"

namespace hm::cpu {

/// Where a file is built without VFP, the assembler is told of it for this instruction alone.
inline void write_fpexc(Fpexc value) {
    asm volatile(".fpu neon-vfpv4\n\tvmsr fpexc, %0\n\t.fpu softvfp" : : "r"(value.raw) : "memory");
}

}  // namespace hm::cpu
