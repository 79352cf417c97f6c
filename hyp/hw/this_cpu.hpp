#pragma once
// The physical CPU that this code runs on: HTPIDR holds its address on each core, from start() on.

#include <array>

#include "hyp/core/cpu.hpp"

namespace hm::hyp {

/// The cores that guests run on, by number.
extern std::array<Cpu, VmConfig::kMostCpus> cores;

[[nodiscard, gnu::always_inline]] inline Cpu& this_cpu() {
    Cpu* cpu;
    // The same each time, so the compiler may read it once.
    asm("mrc p15, 4, %0, c13, c0, 2" : "=r"(cpu));
    return *cpu;
}

/// The guest that runs ends here: from any handler back into run() (hyp/hw/run.cpp). Where its VM
/// has other cores, they are stopped too.
[[noreturn]] void stop(StopReason reason, std::uint32_t outcome = 0);

/// This virtual CPU leaves its guest, and nothing else of its VM.
[[noreturn]] void leave(StopReason reason);

}  // namespace hm::hyp
