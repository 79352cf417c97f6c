// Guests that never finish are ended, whatever they ask of the monitor meanwhile: guests of a few
// instructions (tests/target/endless_vm.S).

#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/hw/monitor.hpp"
#include "tests/target/case.hpp"
#include "tests/target/small_guest.hpp"

extern "C" const char endless_vms[], endless_vms_end[], only_loops[], waits_for_interrupts[],
    waits_for_events[], calls_for_ever[], traps_for_ever[], yields_for_ever[], repeats_itself[],
    moves_its_end[], counts_for_ever[], loops_in_vector_only[], calls_in_vector_only[],
    smc_in_vector_only[], reads_cbar_in_vector_only[], loads_in_vector_only[],
    jumps_in_vector_only[];

namespace hm::target {

namespace {

using hyp::StopReason;

constexpr std::uint64_t kPatience = 3'000'000;
constexpr std::uint64_t kBudget = 4 * kPatience;

std::uint64_t elapsed;  ///< ticks that the last guest ran, with what it took to enter it
std::uint32_t reports;  ///< that got through to the session

/// Runs the guest that begins at `entry`, with nothing but its code mapped; beside it, where
/// `other` is not null, that one.
std::optional<hyp::Stop> run_at(const char* entry, const char* other = nullptr,
                                bool traps_wfi = false) {
    make_code_visible();
    const std::array map{code_region(endless_vms, endless_vms_end)};
    const hyp::VmConfig vm{.stages = hyp::Stages::kBoth,
                           .routing = hyp::InterruptRouting::kLinked,
                           .entry = address_of(entry),
                           .map = map,
                           .distributor = {board::kGicd},
                           .patience = kPatience,
                           .budget = kBudget,
                           .traps_wfi = traps_wfi,
                           .null_ends_in_vector = true};
    hyp::Companion companion{.vm = vm, .policy = hyp::Policy::kShared, .slice = kPatience / 10};
    companion.vm.entry = address_of(other);
    companion.vm.vmid = 2;
    reports = 0;
    const std::uint64_t begin = cpu::read<cpu::Cntpct>().raw;
    const auto stop = hyp::run(
        vm, [](std::uint32_t, std::uint32_t) { ++reports; },
        other != nullptr ? &companion : nullptr);
    elapsed = cpu::read<cpu::Cntpct>().raw - begin;
    return stop;
}

/// A guest that shows no progress runs for its patience, and not for two.
Complaint check_patience(const std::optional<hyp::Stop>& stop) {
    if (!stop || stop->reason != StopReason::kWatchdog) {
        return "the watchdog did not end the guest";
    }
    return elapsed >= kPatience && elapsed < 2 * kPatience ? Complaint{}
                                                           : "it ended too early or too late";
}

template <const char* kEntry>
Complaint is_ended() {
    return check_patience(run_at(kEntry));
}

Complaint a_wait_that_hyp_does_is_ended() {
    return check_patience(run_at(waits_for_interrupts, nullptr, true));
}

Complaint the_same_progress_again_does_not_help() {
    const Complaint complaint = check_patience(run_at(repeats_itself));
    return complaint.empty() && reports != 1 ? "the session heard of it more than once" : complaint;
}

Complaint an_end_that_moves_does_not_help() {
    const Complaint complaint = check_patience(run_at(moves_its_end));
    return complaint.empty() && reports != 1 ? "the session heard of it more than once" : complaint;
}

Complaint progress_without_an_end_uses_the_budget_up() {
    const auto stop = run_at(counts_for_ever);
    if (!stop || stop->reason != StopReason::kBudget) {
        return "its budget did not end the guest";
    }
    return elapsed >= kBudget && elapsed < kBudget + kPatience ? Complaint{}
                                                               : "it ended too early or too late";
}

Complaint a_second_vm_does_not_help_the_first() {
    const Complaint complaint = check_patience(run_at(only_loops, counts_for_ever));
    return complaint.empty() && reports != 0 ? "the session heard of the second VM" : complaint;
}

Complaint two_that_give_each_other_the_core_are_ended() {
    return check_patience(run_at(yields_for_ever, yields_for_ever));
}

/// What must not pass while HVC only returns: the guest gets the exception that it gets at any
/// other time, long before its patience is over. `vector`: which one (ARM DDI 0406C.d, B1.8.1).
template <const char* kEntry, std::uint32_t kVector>
Complaint does_not_pass() {
    const auto stop = run_at(kEntry);
    if (!stop || stop->reason != StopReason::kFinished || stop->outcome != kVector) {
        return "the guest did not get its exception";
    }
    return elapsed < kPatience ? Complaint{} : "it took too long";
}
constexpr std::uint32_t kUndefined = 1;
constexpr std::uint32_t kPrefetchAbort = 3;
constexpr std::uint32_t kDataAbort = 4;

constexpr std::array kCases{
    Case{"endless: a loop with everything masked is ended", is_ended<only_loops>},
    Case{"endless: a wait for interrupts with everything masked is ended",
         is_ended<waits_for_interrupts>},
    Case{"endless: a wait that traps to HYP is ended", a_wait_that_hyp_does_is_ended},
    Case{"endless: a wait for events is ended", is_ended<waits_for_events>},
    Case{"endless: a storm of null hypercalls is ended", is_ended<calls_for_ever>},
    Case{"endless: a storm of trapped accesses is ended", is_ended<traps_for_ever>},
    Case{"endless: a storm of yields is ended", is_ended<yields_for_ever>},
    Case{"endless: two VMs that give each other the core are ended",
         two_that_give_each_other_the_core_are_ended},
    Case{"endless: the same progress again does not help", the_same_progress_again_does_not_help},
    Case{"endless: an end of the work that moves does not help", an_end_that_moves_does_not_help},
    Case{"endless: progress without an end uses the budget up",
         progress_without_an_end_uses_the_budget_up},
    Case{"endless: the progress of a second VM does not help the first",
         a_second_vm_does_not_help_the_first},
    Case{"endless: a loop while HVC only returns is ended", is_ended<loops_in_vector_only>},
    Case{"endless: a storm of hypercalls that only return is ended",
         is_ended<calls_in_vector_only>},
    Case{"endless: SMC does not pass while HVC only returns",
         does_not_pass<smc_in_vector_only, kUndefined>},
    Case{"endless: a trapped register does not pass while HVC only returns",
         does_not_pass<reads_cbar_in_vector_only, kUndefined>},
    Case{"endless: a load beyond its memory does not pass while HVC only returns",
         does_not_pass<loads_in_vector_only, kDataAbort>},
    Case{"endless: a fetch beyond its memory does not pass while HVC only returns",
         does_not_pass<jumps_in_vector_only, kPrefetchAbort>},
};

}  // namespace

std::span<const Case> endless_cases() { return kCases; }

}  // namespace hm::target
