// Entering and leaving guests: what they find, and that nothing is left of them.

#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/entry_state.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

namespace hm::target {

namespace {

using measure::World;

Complaint found;

template <World kWorld>
void compare_entry_state() {
    const bool guest = kWorld == World::kGuest;
    const auto expected =
        hyp::entry_state(guest ? hyp::Regime::kNested : hyp::Regime::kNative,
                         guest ? hyp::Delivery::kInjected : hyp::Delivery::kNative,
                         cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
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

template <World kWorld>
Complaint registers_are_as_planned() {
    found = "the guest was not inspected";
    const auto stop = run_guest(page_fault_scenario(kWorld), [] {
        found = {};
        compare_entry_state<kWorld>();
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
    // Without a running priority every interrupt passes (ARM IHI 0048B, 4.4.6).
    const auto running = gic::GiccRpr::from(bus.read(board::kGicc + gic::GiccRpr::kOffset));
    if (running.get(gic::GiccRpr::kPriority) < 0xF8) {
        return "the CPU interface still has a running priority";
    }
    return {};
}

template <World kWorld>
Complaint nothing_is_left_of_a_guest_that_finished() {
    const auto stop = run_guest(timer_scenario(kWorld), nullptr);
    if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
        return "the guest did not finish";
    }
    return interrupts_left();
}

template <World kWorld>
Complaint nothing_is_left_of_a_guest_that_hung_in_its_handler() {
    measure::Scenario scenario = timer_scenario(kWorld);
    scenario.task = measure::Task::kHangInHandler;
    const auto stop = run_guest(scenario, nullptr);
    if (!stop || stop->reason != hyp::StopReason::kWatchdog) {
        return "the watchdog did not end the guest";
    }
    return interrupts_left();
}

constexpr std::array kCases{
    Case{"guest: HYP's registers are as planned natively",
         registers_are_as_planned<World::kNative>},
    Case{"guest: HYP's registers are as planned with both stages",
         registers_are_as_planned<World::kGuest>},
    Case{"guest: no interrupt is left active of a native guest that finished",
         nothing_is_left_of_a_guest_that_finished<World::kNative>},
    Case{"guest: no interrupt is left active of a guest that finished",
         nothing_is_left_of_a_guest_that_finished<World::kGuest>},
    Case{"guest: no interrupt is left active of a native guest that hung in its handler",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<World::kNative>},
    Case{"guest: no interrupt is left active of a guest that hung in its handler",
         nothing_is_left_of_a_guest_that_hung_in_its_handler<World::kGuest>},
    Case{"guest: the timer works after all of these",
         nothing_is_left_of_a_guest_that_finished<World::kGuest>},
};

}  // namespace

std::span<const Case> guest_cases() { return kCases; }

}  // namespace hm::target
