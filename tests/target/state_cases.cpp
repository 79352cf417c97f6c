// Nothing of a guest outlives it: after guests that leave garbage wherever they can
// (tests/target/state_vm.S), the machine is as before, and the next guest finds what it would have
// found without them.

#include <array>

#include "board.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"
#include "tests/target/small_guest.hpp"
#include "tests/target/snapshot.hpp"

extern "C" {
extern const char state_vms[], state_vms_end[];
extern const char does_nothing[], wrecks_the_core[], wrecks_the_cpu_interface[],
    deactivates_what_it_never_ends[], never_ends_nested_interrupts[], wrecks_the_distributor[],
    wrecks_the_virtual_interface[];

struct alignas(hm::mmu::kFrameBytes) GicAddresses {
    std::uint32_t distributor, cpu_interface, virtual_interface_control;
};
extern const GicAddresses state_vm_gic;
const GicAddresses state_vm_gic{.distributor = hm::board::kGicd,
                                .cpu_interface = hm::board::kGicc,
                                .virtual_interface_control = hm::board::kGich};
}

namespace hm::target {

namespace {

enum class Regime : std::uint8_t { kNative, kDirect, kInjected };

struct Act {
    const char* entry;
    Regime regime;
    std::uint32_t outcome = 0;  ///< what the guest ends with once its act has succeeded
};

bool run(const Act& act) {
    make_code_visible();
    const bool injected = act.regime == Regime::kInjected;
    const std::array map{code_region(state_vms, state_vms_end),
                         code_region(&state_vm_gic, &state_vm_gic + 1),
                         hyp::MemoryRegion{.range = {{board::kGicc}, gic::gicc::kSize},
                                           .target = {injected ? board::kGicv : board::kGicc},
                                           .attributes = hyp::kGuestDevice,
                                           .forced = std::nullopt}};
    const hyp::VmConfig vm{
        .stages = act.regime == Regime::kNative ? hyp::Stages::kStage1Only : hyp::Stages::kBoth,
        .routing = injected ? hyp::InterruptRouting::kLinked : hyp::InterruptRouting::kStraight,
        .entry = address_of(act.entry),
        .map = map,
        .distributor = {board::kGicd},
        .patience = 1'000'000'000};
    const auto stop = hyp::run(vm, nullptr);
    return stop && stop->reason == hyp::StopReason::kFinished && stop->outcome == act.outcome;
}

/// SGIs of a core (ARM IHI 0048B, 2.2.1).
constexpr std::uint32_t kSgis = 16;

constexpr std::array kRegimes{Regime::kNative, Regime::kDirect, Regime::kInjected};

Snapshot clean, after;
std::array<Snapshot, kRegimes.size()> found;
Snapshot found_now;

/// What a guest finds is what one that does nothing leaves.
Complaint run_idle(Regime regime) {
    hyp::set_inspector([] { take(found_now); });
    const bool finished = run({.entry = does_nothing, .regime = regime});
    hyp::set_inspector(nullptr);
    return finished ? Complaint{} : "a guest that does nothing did not finish";
}

Complaint nothing_is_left_of(const Act& act) {
    for (std::size_t i = 0; i < kRegimes.size(); ++i) {
        if (const Complaint complaint = run_idle(kRegimes[i]); !complaint.empty()) {
            return complaint;
        }
        found[i] = found_now;
    }
    take(clean);
    for (std::size_t i = 0; i < kRegimes.size(); ++i) {
        if (!run(act)) {
            return "the act was not carried out";
        }
        take(after);
        if (const Complaint difference = first_difference(clean, after); !difference.empty()) {
            return difference;
        }
        if (const Complaint complaint = run_idle(kRegimes[i]); !complaint.empty()) {
            return complaint;
        }
        if (const Complaint difference = first_difference(found[i], found_now);
            !difference.empty()) {
            return difference;
        }
    }
    return {};
}

template <Regime kRegime>
Complaint nothing_is_left_of_the_core() {
    return nothing_is_left_of({.entry = wrecks_the_core, .regime = kRegime});
}
template <Regime kRegime>
Complaint nothing_is_left_of_the_cpu_interface() {
    return nothing_is_left_of({.entry = wrecks_the_cpu_interface, .regime = kRegime});
}
template <Regime kRegime>
Complaint a_priority_that_is_never_dropped_is_dropped() {
    return nothing_is_left_of(
        {.entry = deactivates_what_it_never_ends, .regime = kRegime, .outcome = 1});
}
Complaint nested_interrupts_are_ended() {
    return nothing_is_left_of(
        {.entry = never_ends_nested_interrupts, .regime = Regime::kNative, .outcome = kSgis});
}
Complaint the_distributor_is_whole_again() {
    return nothing_is_left_of({.entry = wrecks_the_distributor, .regime = Regime::kNative});
}
Complaint the_virtual_interface_is_whole_again() {
    return nothing_is_left_of({.entry = wrecks_the_virtual_interface, .regime = Regime::kNative});
}

Complaint memory_is_cleared_first() {
    for (const measure::Scenario& scenario :
         {page_fault_scenario(measure::Delivery::kNative),
          page_fault_scenario(measure::Delivery::kInjected),
          timer_scenario(measure::Delivery::kDirect), boot_scenario(measure::Mapping::kDemand4K)}) {
        if (!clears_a_pattern(scenario)) {
            return "a guest would find words of another one";
        }
    }
    return {};
}

constexpr std::array kCases{
    Case{"state: a guest finds nothing of another one in its memory", memory_is_cleared_first},
    Case{"state: nothing of what a native guest wrote into the core's registers is left",
         nothing_is_left_of_the_core<Regime::kNative>},
    Case{"state: nothing of what a direct guest wrote into the core's registers is left",
         nothing_is_left_of_the_core<Regime::kDirect>},
    Case{"state: nothing of what an injected guest wrote into the core's registers is left",
         nothing_is_left_of_the_core<Regime::kInjected>},
    Case{"state: nothing of what a native guest wrote into GICC is left",
         nothing_is_left_of_the_cpu_interface<Regime::kNative>},
    Case{"state: nothing of what a direct guest wrote into GICC is left",
         nothing_is_left_of_the_cpu_interface<Regime::kDirect>},
    Case{"state: nothing of what an injected guest wrote into GICV is left",
         nothing_is_left_of_the_cpu_interface<Regime::kInjected>},
    Case{"state: a direct guest's interrupt, deactivated and never ended, holds back no other's",
         a_priority_that_is_never_dropped_is_dropped<Regime::kDirect>},
    Case{"state: an injected guest's interrupt, deactivated and never ended, holds back no other's",
         a_priority_that_is_never_dropped_is_dropped<Regime::kInjected>},
    Case{"state: sixteen nested interrupts that a native guest never ends hold back no other's",
         nested_interrupts_are_ended},
    Case{"state: nothing of what a native guest wrote into the distributor is left",
         the_distributor_is_whole_again},
    Case{"state: nothing of what a native guest wrote into GICH is left",
         the_virtual_interface_is_whole_again},
};

}  // namespace

std::span<const Case> state_cases() { return kCases; }

}  // namespace hm::target
