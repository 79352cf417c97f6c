#pragma once
// The part of the physical GIC that guests share one after the other: what all of it is between two
// guests, and what a guest finds in its CPU interface. A native guest can reach all of it, a guest
// whose interrupts come straight reaches GICC. ARM IHI 0048B.

#include <array>
#include <cstdint>

#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/reg/bus.hpp"

namespace hm::hyp {

/// The priority of interrupts that belong to guests.
inline constexpr std::uint32_t kGuestPriority = 0xA0;

/// A bank of the distributor, all of whose words get the same value.
struct DistributorBank {
    std::uint32_t offset;
    std::uint32_t words;  ///< for 32 interrupts
    std::uint32_t first;  ///< the first word that can be written
    std::uint32_t value;
};

/// Nothing is enabled, active or pending; everything is in Group 1, for no core, and by level. An
/// interrupt is off before anything else of it changes (4.3.13).
inline constexpr std::array kDistributorAtRest{
    DistributorBank{gic::gicd::kIcenabler, 1, 0, UINT32_MAX},
    DistributorBank{gic::gicd::kIcactiver, 1, 0, UINT32_MAX},
    DistributorBank{gic::gicd::kIgroupr, 1, 0, UINT32_MAX},
    DistributorBank{gic::gicd::kIpriorityr, 8, 0, 0x0101'0101 * kGuestPriority},
    // Private interrupts are this core's (4.3.12); how SGIs trigger is fixed (4.3.13).
    DistributorBank{gic::gicd::kItargetsr, 8, 8, 0},
    DistributorBank{gic::gicd::kIcfgr, 2, 1, 0},
    // A bit may be set for as long as the trigger was the edge.
    DistributorBank{gic::gicd::kIcpendr, 1, 0, UINT32_MAX},
};

/// Words of GICD_CPENDSGIR, one byte for each SGI (4.3.16).
inline constexpr std::uint32_t kSgiWords = 4;

enum class Interrupts : std::uint8_t {
    kPrivate,  ///< of this core
    kAll,      ///< and all shared ones
};

/// Puts the distributor at rest, which must be off where it serves other cores' interrupts too.
/// `saves_state`: it has GICD_CPENDSGIR.
template <reg::Bus B>
void put_at_rest(B& bus, std::uint32_t distributor, Interrupts which, bool saves_state) {
    const auto type = gic::GicdTyper::from(bus.read(distributor + gic::GicdTyper::kOffset));
    const std::uint32_t thirty_twos =
        which == Interrupts::kAll ? type.get(gic::GicdTyper::kItLinesNumber) + 1 : 1;
    for (const DistributorBank& bank : kDistributorAtRest) {
        for (std::uint32_t word = bank.first; word < bank.words * thirty_twos; ++word) {
            bus.write(distributor + bank.offset + 4 * word, bank.value);
        }
    }
    for (std::uint32_t word = 0; saves_state && word < kSgiWords; ++word) {
        bus.write(distributor + gic::gicd::kCpendsgir + 4 * word, UINT32_MAX);
    }
}

/// All that GICC keeps, except for the active priorities, of which there are none.
struct InterfaceState {
    gic::GiccCtlr control;
    gic::GiccPmr mask;
    gic::GiccBpr binary_point;
    gic::GiccBpr aliased_binary_point;  ///< of Group 1
};

/// The binary points are those of Cortex-A15's GIC after reset (TRM, 8.3.2), and of GIC-400 (ARM
/// DDI 0471, chapter 3), which has the same interface: every priority that it has preempts.
[[nodiscard]] constexpr InterfaceState interface_with(gic::GiccCtlr control) {
    return {.control = control,
            .mask = gic::GiccPmr::from(0xF8),
            .binary_point = gic::GiccBpr::from(2),
            .aliased_binary_point = gic::GiccBpr::from(3)};
}

/// `saves_state`: it has the registers by which a core that sleeps saves its interface.
template <reg::Bus B>
void write_interface(B& bus, std::uint32_t base, const InterfaceState& state, bool saves_state) {
    bus.write(base + gic::GiccCtlr::kOffset, state.control.raw);
    bus.write(base + gic::GiccPmr::kOffset, state.mask.raw);
    bus.write(base + gic::GiccBpr::kOffset, state.binary_point.raw);
    if (saves_state) {
        bus.write(base + gic::gicc::kAbpr, state.aliased_binary_point.raw);
        // Both GICs have one word of each.
        bus.write(base + gic::gicc::kApr, 0);
        bus.write(base + gic::gicc::kNsapr, 0);
    }
}

}  // namespace hm::hyp
