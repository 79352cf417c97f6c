#pragma once
// Reading the performance monitor's counters.

#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/pmu/hw/stamp_barrier.hpp"
#include "drivers/pmu/registers.hpp"

namespace hm::pmu {

/// False in the image that does without the ISBs of its stamps.
inline constexpr bool kStampIsbs = HYPMETER_STAMP_ISBS != 0;

/// Before a clock is read in a statement of its own.
[[gnu::always_inline]] inline void stamp_isb() {
    asm volatile(HYPMETER_STAMP_ISB_TEXT ::: "memory");
}

// Each reading is one assembly statement. Otherwise the compiler could place other instructions
// between its parts, and the distance between two readings would vary.

/// PMCCNTR between two ISBs: without them a core could move other work across the reading (ARM DDI
/// 0406C.d, A3.8.3).
[[gnu::always_inline]] inline std::uint32_t cycles() {
    std::uint32_t value;
    asm volatile(HYPMETER_STAMP_ISB_TEXT
                 "\n\tmrc p15, 0, %0, c9, c13, 0\n\t" HYPMETER_STAMP_ISB_TEXT
                 : "=r"(value)
                 :
                 : "memory");
    return value;
}

/// PMCCNTR at the end of a layer. Without the ISB the reading could come before the layer's loads,
/// those of the GIC above all, have completed (ARM DDI 0406C.d, A3.8.3). Stores that are still on
/// their way are not waited for: what follows them does not wait either.
[[gnu::always_inline]] inline std::uint32_t stamp() {
    std::uint32_t value;
    asm volatile(HYPMETER_STAMP_ISB_TEXT "\n\tmrc p15, 0, %0, c9, c13, 0"
                 : "=r"(value)
                 :
                 : "memory");
    return value;
}

/// CNTVCT (low word) and PMCCNTR, in the same order and distance as in the vectors' stamps. The ISB
/// keeps the count from being read early (A3.8.3).
[[gnu::always_inline]] inline void count_and_cycles(std::uint32_t& count, std::uint32_t& cycles) {
    std::uint32_t high;
    asm volatile(HYPMETER_STAMP_ISB_TEXT
                 "\n\tmrrc p15, 1, %0, %1, c14\n\tmrc p15, 0, %2, c9, c13, 0"
                 : "=r"(count), "=r"(high), "=r"(cycles)
                 :
                 : "memory");
}

/// The same (A3.8.3) with CNTPCT, for HYP, where CNTVCT belongs to the VM that was loaded last.
[[gnu::always_inline]] inline void physical_count_and_cycles(std::uint32_t& count,
                                                             std::uint32_t& cycles) {
    std::uint32_t high;
    asm volatile(HYPMETER_STAMP_ISB_TEXT
                 "\n\tmrrc p15, 0, %0, %1, c14\n\tmrc p15, 0, %2, c9, c13, 0"
                 : "=r"(count), "=r"(high), "=r"(cycles)
                 :
                 : "memory");
}

/// Event counters `kFirst` and `kSecond`. An ISB orders each selection before its reading (ARM DDI
/// 0406C.d, C12.8.10).
template <std::uint32_t kFirst, std::uint32_t kSecond>
[[gnu::always_inline]] inline void event_counts(std::uint32_t& first, std::uint32_t& second) {
    asm volatile(
        "mcr p15, 0, %2, c9, c12, 5\n\t"
        "isb\n\t"
        "mrc p15, 0, %0, c9, c13, 2\n\t"
        "mcr p15, 0, %3, c9, c12, 5\n\t"
        "isb\n\t"
        "mrc p15, 0, %1, c9, c13, 2"
        : "=&r"(first), "=&r"(second)
        : "r"(kFirst), "r"(kSecond)
        : "memory");
}

/// Event counter `which`.
[[gnu::always_inline]] inline std::uint32_t event_count(std::uint32_t which) {
    std::uint32_t value;
    asm volatile("mcr p15, 0, %1, c9, c12, 5\n\tisb\n\tmrc p15, 0, %0, c9, c13, 2"
                 : "=r"(value)
                 : "r"(which)
                 : "memory");
    return value;
}

}  // namespace hm::pmu
