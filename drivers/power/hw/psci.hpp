#pragma once
// Cores through PSCI, by SMC: an HVC in HYP mode would not reach firmware.

#include <cstdint>

#include "drivers/power/psci.hpp"

namespace hm::power::psci {

/// SMC from HYP, which HCR.TSC does not trap. r0 to r3 carry arguments and may come back changed;
/// the other registers are preserved (ARM DEN 0028B, "Register use in AArch32 SMC and HVC calls").
inline std::int32_t call(const Call& what) {
    register std::uint32_t r0 asm("r0") = static_cast<std::uint32_t>(what.function);
    register std::uint32_t r1 asm("r1") = what.arguments[0];
    register std::uint32_t r2 asm("r2") = what.arguments[1];
    register std::uint32_t r3 asm("r3") = what.arguments[2];
    asm volatile(
        ".arch_extension sec\n"
        "smc #0"
        : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
        :
        : "memory");
    return static_cast<std::int32_t>(r0);
}

/// Whether `core`, which must exist, is off: neither running nor about to run.
[[nodiscard]] inline bool is_off(cpu::Mpidr core) {
    return affinity_of(call(affinity_info(target_of(core)))) == Affinity::kOff;
}

/// Starts `core`, which is off, at `entry`. False if firmware refuses.
[[nodiscard]] inline bool turn_on(cpu::Mpidr core, std::uint32_t entry) {
    return static_cast<Status>(call(cpu_on(target_of(core), entry, 0))) == Status::kSuccess;
}

/// Turns this core off; firmware takes care of its caches. Returns only if firmware refuses.
inline void turn_off_this_core() { call(cpu_off()); }

}  // namespace hm::power::psci
