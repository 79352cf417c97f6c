#pragma once
// Reads and writes of CP15 and CP14 registers by their type, and the barriers.

#include <concepts>
#include <cstdint>

#include "drivers/reg/cp15.hpp"

namespace hm::cpu {

template <class R>
concept WideRegister = std::same_as<std::remove_cvref_t<decltype(R::kAt)>, reg::Cp15Wide>;

template <class R>
[[gnu::always_inline]] inline R read() {
    if constexpr (WideRegister<R>) {
        std::uint64_t word;
        asm volatile("mrrc p15, %c1, %Q0, %R0, c%c2"
                     : "=r"(word)
                     : "i"(R::kAt.opc1), "i"(R::kAt.crm)
                     : "memory");
        return R::from(word);
    } else {
        std::uint32_t word;
        asm volatile("mrc p%c5, %c1, %0, c%c2, c%c3, %c4"
                     : "=r"(word)
                     : "i"(R::kAt.opc1), "i"(R::kAt.crn), "i"(R::kAt.crm), "i"(R::kAt.opc2),
                       "i"(R::kAt.kCoprocessor)
                     : "memory");
        return R::from(word);
    }
}

template <class R>
[[gnu::always_inline]] inline void write(R value) {
    if constexpr (WideRegister<R>) {
        asm volatile("mcrr p15, %c1, %Q0, %R0, c%c2"
                     :
                     : "r"(value.raw), "i"(R::kAt.opc1), "i"(R::kAt.crm)
                     : "memory");
    } else {
        asm volatile("mcr p%c5, %c1, %0, c%c2, c%c3, %c4"
                     :
                     : "r"(value.raw), "i"(R::kAt.opc1), "i"(R::kAt.crn), "i"(R::kAt.crm),
                       "i"(R::kAt.opc2), "i"(R::kAt.kCoprocessor)
                     : "memory");
    }
}

/// An operation that is a write to CP15 (cache, TLB, ATS). The value written is an address, or is
/// ignored.
template <reg::Cp15 kOperation>
[[gnu::always_inline]] inline void operate(std::uint32_t argument = 0) {
    asm volatile("mcr p15, %c1, %0, c%c2, c%c3, %c4"
                 :
                 : "r"(argument), "i"(kOperation.opc1), "i"(kOperation.crn), "i"(kOperation.crm),
                   "i"(kOperation.opc2)
                 : "memory");
}

/// Earlier writes to CP15, and maintenance that is complete, take effect for the instructions that
/// follow (ARM DDI 0406C.d, A3.8.3 and B3.15.5).
[[gnu::always_inline]] inline void isb() { asm volatile("isb" ::: "memory"); }
/// Earlier accesses to memory and earlier maintenance are complete: for the whole system, or for
/// the cores of the Inner Shareable domain (A3.8.3).
[[gnu::always_inline]] inline void dsb() { asm volatile("dsb sy" ::: "memory"); }
[[gnu::always_inline]] inline void dsb_inner_shareable() { asm volatile("dsb ish" ::: "memory"); }
/// For a loop that waits for another core: an emulator that runs one core at a time goes on with
/// the next one (ARM DDI 0406C.d, A8.8, "YIELD").
[[gnu::always_inline]] inline void yield() { asm volatile("yield" ::: "memory"); }
/// Wakes cores that wait in WFE, after earlier stores have become visible to them (A8.8.158).
[[gnu::always_inline]] inline void send_event() { asm volatile("dsb sy\n\tsev" ::: "memory"); }
/// Until a core has sent an event since the last wait (A8.8.425).
[[gnu::always_inline]] inline void wait_for_event() { asm volatile("wfe" ::: "memory"); }
[[gnu::always_inline]] inline void wait_for_interrupt() { asm volatile("wfi" ::: "memory"); }

}  // namespace hm::cpu
