#include "session/core/conditions.hpp"

#include "measure/workload/boot.hpp"

namespace hm::session {

using measure::Scenario;

namespace {

/// What `scenario` needs that this machine lacks, in words.
std::string_view what_is_lacking(const Scenario& scenario, const MachineFacts& machine) {
    const bool shares = measure::shares_core(scenario.delivery);
    const bool is_of_interrupts =
        scenario.workload->events == measure::EventKind::kWakeUp || scenario.uses_spare_timer;
    const bool links =
        is_of_interrupts && (shares || scenario.delivery == measure::Delivery::kInjected);
    if (scenario.reads_tlb_rams && !machine.models_tlb) {
        return "this machine models no TLBs: there is nothing to read";
    }
    if (scenario.uses_spare_timer && !machine.has_spare_timer) {
        return "this machine has no timer to spare whose interrupt is known to come";
    }
    if (links && !machine.links_interrupts) {
        return "this machine fails on a list register that is linked to an interrupt (LR.HW = 1)";
    }
    if ((scenario.second_cpu != measure::SecondCpu::kNone || scenario.uses_spare_timer) &&
        !machine.splits_end_of_interrupt) {
        return "this machine cannot drop an interrupt's priority without deactivating it";
    }
    if (scenario.workload == &measure::boot::kWorkload &&
        scenario.translation.regime() == measure::Regime::kNative && !machine.orders_without_mmu) {
        return "this machine's VMs have cached memory before their MMU is on: there is nothing to "
               "compare with a boot without it";
    }
    if ((shares || scenario.uses_vfp) && !machine.has_vfp) {
        return "this machine has no VFP in Non-secure state";
    }
    return {};
}

}  // namespace

std::string_view reason_to_skip(const Scenario& scenario, const Conditions& conditions) {
    if (const auto impossible = scenario.translation.impossible(); !impossible.empty()) {
        return impossible;
    }
    if (!conditions.has_slot) {
        return "a block of 1 GB needs a whole gigabyte without the monitor in it (under QEMU: "
               "--set memory=2G)";
    }
    if (const auto lack = what_is_lacking(scenario, conditions.machine); !lack.empty()) {
        return lack;
    }
    if (scenario.reads_tlb_rams && !conditions.tlb_lack.empty()) {
        return conditions.tlb_lack;
    }
    if ((scenario.workload->never_ends || scenario.second_cpu == measure::SecondCpu::kOtherCore) &&
        !conditions.watches) {
        return "after a Non-secure entry nothing watches a guest that gets its interrupts straight "
               "from the GIC";
    }
    if (!scenario.uses_second_core()) {
        return {};
    }
    if (!conditions.has_second_core) {
        return "the machine has no second core (under QEMU: --set smp=2)";
    }
    if (!conditions.second_core_lack.empty()) {
        return conditions.second_core_lack;
    }
    if ((measure::uses_second_core(scenario.load) || !conditions.second_core_goes_off) &&
        conditions.clock == measure::Clock::kInstructions) {
        return "icount runs the cores in turn, and counts both (under QEMU: --clock wall)";
    }
    return {};
}

std::uint32_t slip_of(const Scenario& scenario, measure::Clock clock) {
    // At least the instructions from the last access to the clock to WFI, in the guest or in HYP.
    constexpr std::uint32_t kMostSlip = 100;
    const bool in_wfi =
        scenario.wait == measure::Wait::kWfi || scenario.wait == measure::Wait::kWfiTrapped;
    const bool waits_alone = in_wfi && !measure::shares_core(scenario.delivery);
    return clock == measure::Clock::kInstructions && waits_alone ? kMostSlip : 0;
}

bool is_worth_another_run(const measure::GuestReport& report, measure::Clock clock,
                          std::uint32_t runs) {
    constexpr std::uint32_t kMostRuns = 10;
    return clock == measure::Clock::kInstructions && report.slips != 0 && runs < kMostRuns;
}

bool may_print(const Scenario& scenario) {
    return !measure::shares_core(scenario.delivery) && !scenario.workload->is_quiet &&
           !scenario.masking_is_watched;
}

}  // namespace hm::session
