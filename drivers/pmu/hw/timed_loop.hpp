#pragma once
// A loop of known length, by which a clock that counts instructions is recognised.

#include <cstdint>

#include "drivers/pmu/hw/stamp_barrier.hpp"

namespace hm::pmu {

/// Turns of the loop; each takes two instructions.
inline constexpr std::uint32_t kLoopTurns = 1000;
/// What the loop takes where one instruction is one tick: its turns, the ISB and the reading.
inline constexpr std::uint32_t kLoopInstructions = 2 * kLoopTurns + HYPMETER_STAMP_ISBS + 1;

/// What PMCCNTR counts in it.
[[nodiscard, gnu::always_inline]] inline std::uint32_t cycles_of_loop() {
    std::uint32_t turns = kLoopTurns;
    std::uint32_t start;
    std::uint32_t end;
    // The ISBs: see pmu::stamp (A3.8.3).
    asm volatile(HYPMETER_STAMP_ISB_TEXT
                 "\nmrc p15, 0, %[start], c9, c13, 0\n"
                 "1: subs %[turns], %[turns], #1\n"
                 "bne 1b\n" HYPMETER_STAMP_ISB_TEXT "\nmrc p15, 0, %[end], c9, c13, 0\n"
                 : [start] "=&r"(start), [end] "=&r"(end), [turns] "+r"(turns)
                 :
                 : "cc");
    return end - start;
}

}  // namespace hm::pmu
