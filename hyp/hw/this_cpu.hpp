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

/// Why a virtual CPU has left its guest.
enum class Left : std::uint32_t {
    kStopped,         ///< its VM has stopped, as Cpu::stop says
    kStoppedByOther,  ///< another of its VM's has stopped it
    kCpuOff,          ///< it has turned itself off
};

/// The virtual CPU that runs leaves its guest; the rest of its VM does not.
[[noreturn]] void leave(Left why);

}  // namespace hm::hyp
