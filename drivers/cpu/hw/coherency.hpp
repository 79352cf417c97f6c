#pragma once
// Taking part in coherency: ACTLR.SMP.

#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"

namespace hm::cpu {

/// Writes ACTLR. Erratum 799270 of Cortex-A15: an L2 cache that is idle may miss a change of SMP,
/// so it is given work just before: a load from `device`, the address of a device register whose
/// read changes nothing. The value that is written depends on what was loaded, so the core cannot
/// write before the load is done.
[[gnu::always_inline]] inline void write_after_load(Actlr value, std::uint32_t device) {
    std::uint32_t word;
    asm volatile(
        "ldr %[word], [%[device]]\n\t"
        "and %[word], %[word], #0\n\t"
        "orr %[word], %[word], %[value]\n\t"
        "mcr p15, 0, %[word], c1, c0, 1"
        : [word] "=&r"(word)
        : [device] "r"(device), [value] "r"(value.raw)
        : "memory");
    isb();  // in force before what follows (ARM DDI 0406C.d, B3.15.5)
}

}  // namespace hm::cpu
