#pragma once
// VFP's control register, which is not part of CP15.

#include "drivers/cpu/registers.hpp"

namespace hm::cpu {

/// Files are built without VFP: only for this instruction is it switched on in the assembler.
inline void write_fpexc(Fpexc value) {
    asm volatile(".fpu neon-vfpv4\n\tvmsr fpexc, %0\n\t.fpu softvfp" : : "r"(value.raw) : "memory");
}

}  // namespace hm::cpu
