#pragma once
// What the guest finds around it where it runs by itself, under any hypervisor or none: a counter,
// interrupts of the group that it is given, firmware. guest/board/monitor/hw/guest_board.hpp says
// what each name means.

#include <array>
#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/hw/stamp_barrier.hpp"
#include "drivers/pmu/registers.hpp"
#include "guest/bench/machine.hpp"
#include "guest/board/alone/hw/surroundings.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest::board {

// The clock is CNTVCT, which every hypervisor gives, or PMCCNTR where the session has seen it
// count. Where a hypervisor traps the performance monitor, it is not touched.

/// CNTVCT, low word, not before what comes before it has been done (ARM DDI 0406C.d, A3.8.3).
[[gnu::always_inline]] inline std::uint32_t counter() {
    std::uint32_t low;
    std::uint32_t high;
    asm volatile(HYPMETER_STAMP_ISB_TEXT "\n\tmrrc p15, 1, %0, %1, c14"
                 : "=r"(low), "=r"(high)
                 :
                 : "memory");
    return low;
}

[[gnu::always_inline]] inline std::uint32_t ticks() {
    if (surroundings().clock_is_pmu != 0) {
        return pmu::cycles();
    }
    const std::uint32_t now = counter();
    pmu::stamp_isb();  // nor what comes after it (A3.8.3)
    return now;
}
[[gnu::always_inline]] inline std::uint32_t stamp() {
    return surroundings().clock_is_pmu != 0 ? pmu::stamp() : counter();
}
[[gnu::always_inline]] inline BothClocks both_clocks() {
    BothClocks clocks{};
    if (surroundings().clock_is_pmu != 0) {
        pmu::count_and_cycles(clocks.count, clocks.ticks);
    } else {
        clocks.count = counter();
        clocks.ticks = clocks.count;
    }
    return clocks;
}
/// Nothing counts by mode.
[[gnu::always_inline]] inline Instructions instructions() { return {}; }
inline Events events() { return {}; }
inline void share_clock() {
    if (surroundings().clock_is_pmu != 0) {
        cpu::write(pmu::Pmuserenr{}.with(pmu::Pmuserenr::kEn, true));
    }
}

// Interrupts are in the group in which a GIC without Security Extensions has them after a reset,
// and bit 0 turns them on. In Non-secure state of one with them, bit 0 is that of Group 1, in which
// Secure state has put them (ARM IHI 0048B, 4.3.1 and 4.4.1). So no group is chosen here: Xen's
// GICD_IGROUPR ignores writes.

template <class Distributor>
void put_into_own_group(Distributor&, gic::IntId) {}
[[nodiscard]] constexpr gic::GicdCtlr turned_on(gic::GicdCtlr control) {
    return control.with(gic::GicdCtlr::kEnableGroup0, true);
}
/// FIQEn = 0: as IRQs.
[[nodiscard]] constexpr gic::GiccCtlr turned_on(gic::GiccCtlr control, bool /*has_security*/) {
    return control.with(gic::GiccCtlr::kEnableGroup0, true).with(gic::GiccCtlr::kFiqEn, false);
}

[[nodiscard]] inline std::uint32_t heap_after(std::uint32_t /*image_end*/) {
    return surroundings().heap;
}

/// The image and the heap lie apart.
inline void drop_cached(std::uint32_t /*base*/, std::uint32_t heap_end) {
    cpu::clean_invalidate_data(reinterpret_cast<std::uint32_t>(__image_start),
                               reinterpret_cast<std::uint32_t>(__image_end));
    cpu::clean_invalidate_data(surroundings().heap, heap_end);
}

inline void let_vfp() {
    cpu::write(cpu::Cpacr{}.with(cpu::Cpacr::kCp10, 3).with(cpu::Cpacr::kCp11, 3));
    cpu::isb();  // before FPEXC is written (ARM DDI 0406C.d, B3.15.5)
}

[[nodiscard]] inline std::uint32_t uart(const measure::ParameterBlock& /*parameters*/) {
    return surroundings().uart;
}
[[nodiscard]] inline std::array<std::uint32_t, 1> devices_of_exits(
    const measure::ParameterBlock& /*parameters*/) {
    return {surroundings().uart & ~0xFFFU};
}

/// Of the monitor's calls those have a meaning that every guest can do by itself: to end, to say
/// how far it is (nobody listens), and to drop its TLB entries. What the TLBs keep of stage 2 stays
/// (ARM DDI 0406C.d, B4.2.2). A job with another call ends at once.
template <measure::Hypercall kCall>
inline std::uint32_t hypercall(std::uint32_t first, std::uint32_t /*second*/) {
    if constexpr (kCall == measure::Hypercall::kFinish) {
        leave_guest(first);
    } else if constexpr (kCall == measure::Hypercall::kFlushTlb) {
        cpu::dsb();
        cpu::operate<cpu::kTlbiall>();
        cpu::dsb();
        cpu::isb();  // complete before the next access (B3.10.1)
    } else if constexpr (kCall != measure::Hypercall::kCheckpoint) {
        leave_guest(static_cast<std::uint32_t>(measure::Outcome::kBadParameters));
    }
    return 0;
}

}  // namespace hm::guest::board
