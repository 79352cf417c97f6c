// Entering and leaving guests: what they find, and that they leave nothing behind.

#include <array>

#include "board.hpp"
#include "boot/second_core.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/pmu/registers.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/entry_controls.hpp"
#include "measure/workload/timer.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

namespace hm::target {

namespace {

using measure::Delivery;

Complaint found;

template <Delivery kDelivery>
void compare_entry_controls() {
    hyp::VmConfig vm;
    const bool guest = kDelivery != Delivery::kNative;
    vm.stages = guest ? hyp::Stages::kBoth : hyp::Stages::kStage1Only;
    vm.routing = measure::through_hyp(kDelivery) ? hyp::InterruptRouting::kLinked
                                                 : hyp::InterruptRouting::kStraight;
    const auto expected = hyp::entry_controls(vm, cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
    if (cpu::read<cpu::Hcr>().raw != expected.hcr.raw) {
        found = "HCR differs";
    } else if (cpu::read<cpu::Hdcr>().raw != expected.hdcr.raw) {
        found = "HDCR differs";
    } else if (cpu::read<cpu::Hcptr>().raw != expected.hcptr.raw) {
        found = "HCPTR differs";
    } else if (cpu::read<cpu::Hstr>().raw != expected.hstr.raw) {
        found = "HSTR differs";
    } else if (cpu::read<cpu::Cnthctl>().raw != expected.cnthctl.raw) {
        found = "CNTHCTL differs";
    } else if (cpu::read<cpu::Cntvoff>().raw != 0) {
        found = "CNTVOFF is not zero";
    }
}

template <Delivery kDelivery>
Complaint registers_are_as_planned() {
    found = "the guest was not inspected";
    const auto stop = run_guest(page_fault_scenario(kDelivery), [] {
        found = {};
        compare_entry_controls<kDelivery>();
    });
    return stop && stop->reason == hyp::StopReason::kFinished
               ? found
               : Complaint("the guest did not finish");
}

Complaint interrupts_left() {
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> distributor(bus, board::kGicd);
    if (distributor.active_private() != 0) {
        return "an interrupt is still active";
    }
    if (distributor.is_enabled(board::kVirtualTimerInterrupt) ||
        distributor.is_pending(board::kVirtualTimerInterrupt)) {
        return "the virtual timer's interrupt is still enabled or pending";
    }
    // Without a running priority no interrupt is held back (ARM IHI 0048B, 4.4.6).
    const auto running = gic::GiccRpr::from(bus.read(board::kGicc + gic::GiccRpr::kOffset));
    if (running.get(gic::GiccRpr::kPriority) < 0xF8) {
        return "the CPU interface still has a running priority";
    }
    return {};
}

template <Delivery kDelivery>
Complaint nothing_is_left_of_a_guest_that_finished() {
    const auto stop = run_guest(timer_scenario(kDelivery), nullptr);
    if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
        return "the guest did not finish";
    }
    return interrupts_left();
}

template <Delivery kDelivery>
Complaint nothing_is_left_of_a_guest_that_hung_in_its_handler() {
    measure::Scenario scenario = timer_scenario(kDelivery);
    measure::Workload hangs = measure::timer::kWorkload;
    hangs.task = measure::timer::kHangInHandler;
    scenario.workload = &hangs;
    const auto stop = run_guest(scenario, nullptr);
    if (!stop || stop->reason != hyp::StopReason::kWatchdog) {
        return "the watchdog did not end the guest";
    }
    return interrupts_left();
}

std::uint32_t stale_so_far;

/// The timer is off while the guest makes a checkpoint: its interrupt comes all the same, as if its
/// level had not fallen yet.
void pend_timer_interrupt(std::uint32_t, std::uint32_t) {
    constexpr std::uint32_t kBit = 1U << board::kVirtualTimerInterrupt;
    reg::Mmio::write(board::kGicd + gic::gicd::kIspendr, kBit);
    stale_so_far += (reg::Mmio::read(board::kGicd + gic::gicd::kIspendr) & kBit) != 0 ? 1U : 0U;
}

template <Delivery kDelivery>
Complaint a_stale_timer_interrupt_is_ignored() {
    constexpr std::uint32_t kWakeUps = 2 * measure::kWakeUpsPerCheckpoint;
    measure::Scenario scenario = timer_scenario(kDelivery);
    auto arguments = scenario.arguments.as<measure::timer::Arguments>();
    arguments.wake_ups = kWakeUps;
    scenario.arguments = arguments;
    scenario.events = kWakeUps;
    stale_so_far = 0;
    const auto stop = run_guest(scenario, nullptr, pend_timer_interrupt);
    if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
        return "the guest did not finish";
    }
    // With several cores QEMU's GIC ignores a write that should make a private interrupt pending
    // (hw/intc/arm_gic.c, gic_dist_writeb).
    if (stale_so_far < 2 && !boot::second_core::exists()) {
        return "there was no stale interrupt";
    }
    // HYP looks before it injects. The guest looks where it has the interrupt for itself.
    const bool by_hyp = measure::through_hyp(kDelivery);
    const std::uint32_t in_hyp = stop->costs.stale_interrupts;
    const std::uint32_t in_guest = last_report().stale;
    if (in_hyp != (by_hyp ? stale_so_far : 0) || in_guest != (by_hyp ? 0 : stale_so_far)) {
        return "not each of them was counted once";
    }
    return interrupts_left();
}

constexpr std::array kCases{
    Case{"guest: natively it ignores a stale timer interrupt",
         a_stale_timer_interrupt_is_ignored<Delivery::kNative>},
    Case{"guest: HYP does not inject a stale timer interrupt",
         a_stale_timer_interrupt_is_ignored<Delivery::kInjected>},
    Case{"guest: HYP does not inject a stale timer interrupt, without a link",
         a_stale_timer_interrupt_is_ignored<Delivery::kInjectedSoft>},
    Case{"guest: with the physical CPU interface it ignores a stale timer interrupt",
         a_stale_timer_interrupt_is_ignored<Delivery::kDirect>},
    Case{"guest: HYP's registers are as planned natively",
         registers_are_as_planned<Delivery::kNative>},
    Case{"guest: HYP's registers are as planned with both stages",
         registers_are_as_planned<Delivery::kInjected>},
    Case{"guest: HYP's registers are as planned where interrupts come straight",
         registers_are_as_planned<Delivery::kDirect>},
    Case{"guest: no interrupt is left active of a native guest that finished",
         nothing_is_left_of_a_guest_that_finished<Delivery::kNative>},
    Case{"guest: no interrupt is left active of a guest that finished",
         nothing_is_left_of_a_guest_that_finished<Delivery::kInjected>},
    Case{"guest: no interrupt is left active of a guest that finished without a link",
         nothing_is_left_of_a_guest_that_finished<Delivery::kInjectedSoft>},
    Case{"guest: no interrupt is left active of a guest that finished with the CPU interface",
         nothing_is_left_of_a_guest_that_finished<Delivery::kDirect>},
    Case{"guest: no interrupt is left active of two guests that shared the core",
         nothing_is_left_of_a_guest_that_finished<Delivery::kBoosted>},
    Case{"guest: no interrupt is left active of a native guest that hung in its handler",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<Delivery::kNative>},
    Case{"guest: no interrupt is left active of a guest that hung in its handler",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<Delivery::kInjected>},
    Case{"guest: no interrupt is left active of a guest that hung in its handler without a link",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<Delivery::kInjectedSoft>},
    Case{"guest: no interrupt is left active of a guest that hung with the CPU interface",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<Delivery::kDirect>},
    Case{"guest: no interrupt is left active of two guests of which one hung in its handler",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<Delivery::kShared>},
    Case{"guest: the timer works after all of these",
         nothing_is_left_of_a_guest_that_finished<Delivery::kInjected>},
};

}  // namespace

std::span<const Case> guest_cases() { return kCases; }

}  // namespace hm::target
