#pragma once
// The performance monitor's registers (ARM DDI 0406C.d, C12.8) and the events that are counted
// (Cortex-A15 TRM 11.8; Cortex-A7 TRM 11.7).

#include <algorithm>
#include <array>
#include <cstdint>

#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"

namespace hm::pmu {

using reg::Cp15;
using reg::Field;
using reg::Layout;

struct Pmcr : Layout<Pmcr> {
    static constexpr Cp15 kAt{0, 9, 12, 0};
    static constexpr Field<15, 11> kN{};
    static constexpr Field<3> kD{};
    static constexpr Field<2> kC{};
    static constexpr Field<1> kP{};
    static constexpr Field<0> kE{};
};
struct Pmcntenset : Layout<Pmcntenset> {
    static constexpr Cp15 kAt{0, 9, 12, 1};
    static constexpr Field<31> kCycles{};
    static constexpr Field<5, 0> kEvents{};
};
struct Pmcntenclr : Layout<Pmcntenclr> {
    static constexpr Cp15 kAt{0, 9, 12, 2};
};
struct Pmovsr : Layout<Pmovsr> {
    static constexpr Cp15 kAt{0, 9, 12, 3};
};
/// The common events 0x00 to 0x1F that the core can count, one bit each (C12.8.7).
struct Pmceid0 : Layout<Pmceid0> {
    static constexpr Cp15 kAt{0, 9, 12, 6};
};
struct Pmselr : Layout<Pmselr> {
    static constexpr Cp15 kAt{0, 9, 12, 5};
    static constexpr Field<4, 0> kSelect{};
};
struct Pmccntr : Layout<Pmccntr> {
    static constexpr Cp15 kAt{0, 9, 13, 0};
};
/// The event that a counter counts, and in which modes. PMSELR 31 selects the cycle counter's
/// filter (PMCCFILTR), whose event field is reserved (C12.8.9).
struct Pmxevtyper : Layout<Pmxevtyper> {
    static constexpr Cp15 kAt{0, 9, 13, 1};
    static constexpr Field<31> kP{};
    static constexpr Field<30> kU{};
    static constexpr Field<27> kNsh{};
    static constexpr Field<7, 0> kEvent{};
};
struct Pmxevcntr : Layout<Pmxevcntr> {
    static constexpr Cp15 kAt{0, 9, 13, 2};
};
struct Pmuserenr : Layout<Pmuserenr> {
    static constexpr Cp15 kAt{0, 9, 14, 0};
    static constexpr Field<0> kEn{};
};
struct Pmintenclr : Layout<Pmintenclr> {
    static constexpr Cp15 kAt{0, 9, 14, 2};
};

inline constexpr std::uint32_t kInstructionsRetired = 0x08;
inline constexpr std::uint32_t kCycleFilterSelect = 31;

/// The monitor sets two event counters before it starts a guest: instructions of all modes, and
/// only those of PL1 and PL0. The difference is what HYP added.
inline constexpr std::uint32_t kAllInstructionsCounter = 0;
inline constexpr std::uint32_t kGuestInstructionsCounter = 1;

/// The next counters, as many as the core has: refills of the L1 data TLB, the L1 data cache and
/// the L2 cache, and bus accesses (events 0x05, 0x03, 0x17 and 0x19 of C12.8.3 and TRM 11.8), in
/// the order of measure::kEventNames. They count all modes, including HYP.
inline constexpr std::uint32_t kFirstMemoryCounter = 2;
inline constexpr std::array<std::uint32_t, 4> kMemoryEvents{0x05, 0x03, 0x17, 0x19};

/// How many of them a PMU with `counters` event counters counts at a time.
[[nodiscard]] constexpr std::uint32_t memory_events_at_once(std::uint32_t counters) {
    constexpr std::uint32_t kAll = kMemoryEvents.size();
    return counters < kFirstMemoryCounter ? 0 : std::min(counters - kFirstMemoryCounter, kAll);
}

}  // namespace hm::pmu
