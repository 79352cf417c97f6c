#pragma once
// What the guest finds around it where our monitor runs it: counters of the performance monitor,
// interrupts of Group 1, and the monitor's calls. guest/board/alone/hw/guest_board.hpp has the same
// names for a guest that runs by itself, under whatever hypervisor there is, or under none.

#include <array>
#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "guest/bench/machine.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest::board {

// The clock.

/// PMCCNTR, apart from what comes before and after it.
[[gnu::always_inline]] inline std::uint32_t ticks() { return pmu::cycles(); }
/// The same at the end of a layer.
[[gnu::always_inline]] inline std::uint32_t stamp() { return pmu::stamp(); }
[[gnu::always_inline]] inline BothClocks both_clocks() {
    BothClocks clocks{};
    pmu::count_and_cycles(clocks.count, clocks.ticks);
    return clocks;
}
[[gnu::always_inline]] inline Instructions instructions() {
    Instructions retired{};
    pmu::event_counts<pmu::kAllInstructionsCounter, pmu::kGuestInstructionsCounter>(retired.all,
                                                                                    retired.guest);
    return retired;
}
inline Events events() {
    Events counted{};
    // Counters that do not exist cannot be selected (ARM DDI 0406C.d, C12.8.10).
    const std::uint32_t counters =
        pmu::memory_events_at_once(cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
    for (std::uint32_t i = 0; i < counters; ++i) {
        counted.count[i] = pmu::event_count(pmu::kFirstMemoryCounter + i);
    }
    return counted;
}
/// Lets PL0 read the clock.
inline void share_clock() { cpu::write(pmu::Pmuserenr{}.with(pmu::Pmuserenr::kEn, true)); }

// Its interrupts are those of Group 1.

template <class Distributor>
void put_into_own_group(Distributor& distributor, gic::IntId id) {
    distributor.set_group1(id);
}
[[nodiscard]] constexpr gic::GicdCtlr turned_on(gic::GicdCtlr control) {
    return control.with(gic::GicdCtlr::kEnableGroup1, true);
}
/// Without the Security Extensions GICC_IAR acknowledges Group 1 only with AckCtl (ARM IHI 0048B,
/// 4.4.4); with them Non-secure state has no such bit. Group 0 has no interrupt of a guest, but
/// gem5's GICV gives none at all unless it is on (src/dev/arm/vgic.cc, VGic::readVCpu).
[[nodiscard]] constexpr gic::GiccCtlr turned_on(gic::GiccCtlr control, bool has_security) {
    return control.with(gic::GiccCtlr::kEnableGroup0, true)
        .with(gic::GiccCtlr::kEnableGroup1, true)
        .with(gic::GiccCtlr::kAckCtl, !has_security);
}

/// Where the memory begins that the guest uses besides its image, which ends at `image_end`.
[[nodiscard]] inline std::uint32_t heap_after(std::uint32_t image_end) { return image_end; }

/// Drops what the caches may hold of the guest's memory, which reaches from `base` to `heap_end`.
inline void drop_cached(std::uint32_t base, std::uint32_t heap_end) {
    cpu::clean_invalidate_data(base, heap_end);
}

/// CPACR lets it use VFP already.
inline void let_vfp() {}

[[nodiscard]] inline std::uint32_t uart(const measure::ParameterBlock& parameters) {
    return measure::uart(parameters.distributor);
}
/// IPAs of the devices that only workload exits uses, a page each.
[[nodiscard]] inline std::array<std::uint32_t, 2> devices_of_exits(
    const measure::ParameterBlock& parameters) {
    return {measure::test_device(parameters.distributor), uart(parameters)};
}

/// Calls the monitor; only PL1 may.
template <measure::Hypercall kCall>
[[gnu::always_inline]] inline std::uint32_t hypercall(std::uint32_t first, std::uint32_t second) {
    register std::uint32_t r0 asm("r0") = first;
    register std::uint32_t r1 asm("r1") = second;
    asm volatile("hvc %c2" : "+r"(r0) : "r"(r1), "i"(kCall) : "memory");
    return r0;
}

}  // namespace hm::guest::board
