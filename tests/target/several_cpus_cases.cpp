// A VM with two virtual CPUs, on one core and on two (tests/target/several_cpus_guests.hpp).

#include <array>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "boot/second_core.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/power/psci.hpp"
#include "hyp/hw/monitor.hpp"
#include "session/hw/pmu.hpp"
#include "tests/target/case.hpp"
#include "tests/target/cpp_guest.hpp"
#include "tests/target/several_cpus_guests.hpp"

namespace hm::target {

namespace {

using hyp::Placement;
using hyp::StopReason;

/// Longer than the cores' turns under icount. If ticks are the host's time, the host may be busy.
std::uint64_t patience() { return session::counts_instructions() ? 200'000'000 : 5'000'000'000; }

/// How a guest that ends by itself may be entered.
struct Way {
    Placement placement = Placement::kOneCore;
    bool native = false;
    std::uint64_t patience = target::patience();
    std::uint64_t slice = 100'000;
};

std::optional<hyp::Stop> run(Body body, const Way& way) {
    several_cpus_page = {};
    prepare_cpp_guest(body);
    const std::array map{cpp_guest_code(), cpp_guest_stacks(), page_region(&several_cpus_page),
                         hyp::MemoryRegion{.range = {{board::kGicc}, gic::gicc::kSize},
                                           .target = {board::kGicv},
                                           .attributes = hyp::kGuestDevice,
                                           .forced = std::nullopt}};
    // Without stage 1, but cacheable: both CPUs see what the other writes.
    const hyp::VmConfig vm{
        .stages = way.native ? hyp::Stages::kStage1Only : hyp::Stages::kStage2Only,
        .placement = way.placement,
        .routing = way.native ? hyp::InterruptRouting::kStraight : hyp::InterruptRouting::kLinked,
        .cpus = 2,
        .entry = address_of(cpp_guest_start),
        .map = map,
        .distributor = {board::kGicd},
        .slice = way.slice,
        .patience = way.patience,
        .budget = 2 * way.patience};
    const bool own = way.placement == Placement::kOwnCores;
    if (own && !boot::second_core::serve()) {
        return std::nullopt;
    }
    const auto stop = hyp::run(vm, nullptr);
    if (own && !boot::second_core::stop()) {
        return std::nullopt;
    }
    if (own) {  // so that a test can tell that it was
        board::print(way.native ? "several CPUs: ran natively on two cores\n"
                                : "several CPUs: ran on two cores\n");
    }
    return stop;
}

/// Where there are two cores, the guest has both too.
template <class Check>
Complaint on_one_core_and_on_two(Body body, Check check,
                                 std::uint64_t patience = target::patience()) {
    if (const Complaint complaint = check(run(body, {.patience = patience}));
        !complaint.empty() || !boot::second_core::exists()) {
        return complaint;
    }
    return check(run(body, {.placement = Placement::kOwnCores, .patience = patience}));
}

bool finished(const std::optional<hyp::Stop>& stop, std::uint32_t outcome = 0) {
    return stop && stop->reason == StopReason::kFinished && stop->outcome == outcome &&
           stop->vm == 0;
}

template <Body kBody, StopReason kReason>
Complaint ends_so() {
    constexpr std::uint64_t kShort = 100'000'000;
    return on_one_core_and_on_two(
        kBody,
        [](const std::optional<hyp::Stop>& stop) {
            return stop && stop->reason == kReason && stop->vm == 0
                       ? Complaint{}
                       : Complaint("the VM did not end as it should");
        },
        kReason == StopReason::kWatchdog ? kShort : patience());
}

template <Body kBody, std::uint32_t kOutcome>
Complaint finishes_with() {
    return on_one_core_and_on_two(kBody, [](const std::optional<hyp::Stop>& stop) {
        return finished(stop, kOutcome) ? Complaint{} : Complaint("it did not finish");
    });
}

// ARM DEN 0022D.b, 5.2.2, 5.6 and 5.7.
Complaint check_power(const std::optional<hyp::Stop>& stop) {
    constexpr auto kAlreadyOn = static_cast<std::uint32_t>(-4);
    constexpr auto kOnPending = static_cast<std::uint32_t>(-5);
    constexpr std::uint32_t kModeAndMasks = 0x1FF;
    constexpr std::uint32_t kMaskedSvc = 0x1D3;
    const SeveralCpusPage& page = several_cpus_page;
    if (!finished(stop)) {
        return "it did not finish";
    }
    if (page.mpidr[0] != 0 || page.mpidr[1] != 1) {
        return "the CPUs have wrong names in MPIDR";
    }
    if (page.affinity_before != 1 || page.affinity_while_on != 0) {
        return "AFFINITY_INFO is wrong";
    }
    if (page.on != 0 || page.on_self != kAlreadyOn ||
        (page.on_again != kAlreadyOn && page.on_again != kOnPending)) {
        return "CPU_ON is wrong";
    }
    return (page.cpsr & kModeAndMasks) == kMaskedSvc ? Complaint{}
                                                     : "the second CPU began in a wrong state";
}

Complaint a_cpu_is_turned_on_off_and_on_again() {
    return on_one_core_and_on_two(turns_another_on_and_off, check_power);
}

Complaint natively_too() {
    if (!boot::second_core::exists() || !hyp::watches(hyp::InterruptRouting::kStraight)) {
        return {};
    }
    return check_power(
        run(turns_another_on_and_off, {.placement = Placement::kOwnCores, .native = true}));
}

Complaint natively_each_has_its_own_thumb_ee() {
    if (!boot::second_core::exists() || !hyp::watches(hyp::InterruptRouting::kStraight)) {
        return {};
    }
    return finished(run(has_its_own_thumb_ee, {.placement = Placement::kOwnCores, .native = true}))
               ? Complaint{}
               : "it did not finish";
}

Complaint natively_a_loop_on_another_core_ends_with_its_vm() {
    if (!boot::second_core::exists() || !hyp::watches(hyp::InterruptRouting::kStraight)) {
        return {};
    }
    return finished(run(finishes_while_another_loops,
                        {.placement = Placement::kOwnCores, .native = true}))
               ? Complaint{}
               : "it did not finish";
}

template <Body kBody, std::uint32_t kRounds>
Complaint exchanges_interrupts() {
    return on_one_core_and_on_two(kBody, [](const std::optional<hyp::Stop>& stop) {
        if (!finished(stop) || several_cpus_page.rounds != kRounds) {
            return Complaint("an interrupt was lost");
        }
        return several_cpus_page.wrong == 0 ? Complaint{} : Complaint("a wrong one came");
    });
}

/// No turn ends: one that waits is woken, or does not run again.
template <Body kBody>
Complaint is_woken_in_the_turn_of_another() {
    constexpr std::uint64_t kEndless = std::uint64_t{1} << 40;
    if (!finished(run(kBody, {.slice = kEndless}))) {
        return "on one core it did not finish";
    }
    return !boot::second_core::exists() || finished(run(kBody, {.placement = Placement::kOwnCores}))
               ? Complaint{}
               : "on two cores it did not finish";
}

Complaint a_cpu_sees_what_another_does_with_a_shared_interrupt() {
    return on_one_core_and_on_two(sees_what_another_does, [](const std::optional<hyp::Stop>& stop) {
        if (!finished(stop)) {
            return Complaint("it did not finish");
        }
        if (several_cpus_page.active_meanwhile != 1) {
            return Complaint("it is not active while the other CPU handles it");
        }
        return several_cpus_page.active_after == 0 ? Complaint{} : Complaint("it stays active");
    });
}

/// Its window, of which the other had the rest, ends in most of them.
Complaint a_window_does_not_end_in_a_handler() {
    const Way way;
    const auto stop = run(waits_for_slow_answers, way);
    if (!stop || stop->reason != StopReason::kFinished) {
        return "it did not finish";
    }
    const bool waited = stop->outcome > kHandlingTicks + way.slice / 2;
    return waited && session::counts_instructions() ? "an answer waited for a turn" : "";
}

constexpr std::array kCases{
    Case{"several CPUs: one is turned on, off and on again", a_cpu_is_turned_on_off_and_on_again},
    Case{"several CPUs: the same natively, on two cores", natively_too},
    Case{"several CPUs: one begins in Thumb where its entry says so",
         finishes_with<turns_thumb_on, 0>},
    Case{"several CPUs: the first turns itself off, and the other goes on",
         finishes_with<turns_itself_off_while_another_goes_on, 3>},
    Case{"several CPUs: the first is turned on again by the other",
         finishes_with<turns_off_and_is_turned_on_again, 4>},
    Case{"several CPUs: the VM is off when the last one is",
         ends_so<both_turn_off, StopReason::kPoweredOff>},
    Case{"several CPUs: any of them turns the VM off",
         ends_so<another_turns_the_machine_off, StopReason::kPoweredOff>},
    Case{"several CPUs: what one must not do stops the VM",
         ends_so<another_asks_for_nonsense, StopReason::kTrap>},
    Case{"several CPUs: a VM whose CPUs both loop is ended",
         ends_so<another_loops, StopReason::kWatchdog>},
    Case{"several CPUs: a VM whose CPUs both wait is ended",
         ends_so<both_wait_for_ever, StopReason::kWatchdog>},
    Case{"several CPUs: a loop is ended while the first CPU is off",
         ends_so<is_off_while_another_loops, StopReason::kWatchdog>},
    Case{"several CPUs: a loop of one ends with its VM",
         finishes_with<finishes_while_another_loops, 0>},
    Case{"several CPUs: natively too", natively_a_loop_on_another_core_ends_with_its_vm},
    Case{"several CPUs: the end of a turn does not interrupt a handler",
         a_window_does_not_end_in_a_handler},
    Case{"several CPUs: each has its own registers of ThumbEE",
         finishes_with<has_its_own_thumb_ee, 0>},
    Case{"several CPUs: natively too, on two cores", natively_each_has_its_own_thumb_ee},
    Case{"several CPUs: a thousand SGIs are sent and answered",
         exchanges_interrupts<sends_and_is_answered, 1000>},
    Case{"several CPUs: more SGIs at once than list registers come once each",
         exchanges_interrupts<sends_all_at_once, 16>},
    Case{"several CPUs: one sees what another does with a shared interrupt",
         a_cpu_sees_what_another_does_with_a_shared_interrupt},
    Case{"several CPUs: a shared interrupt wakes one that waits while another computes",
         is_woken_in_the_turn_of_another<wakes_one_that_waits>},
    Case{"several CPUs: one that waits gets its timer's interrupt while another computes",
         is_woken_in_the_turn_of_another<computes_while_another_waits_for_its_timer>},
    Case{"several CPUs: both use the distributor at the same time",
         exchanges_interrupts<writes_beside_another, 200>},
};

}  // namespace

std::span<const Case> several_cpus_cases() { return kCases; }

}  // namespace hm::target
