// ThumbEE's registers are each virtual CPU's own: guests of a few instructions
// (tests/target/thumb_ee_vm.S). ARM DDI 0406C.d, A2.10.2.

#include <array>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/thumb_ee.hpp"
#include "hyp/hw/monitor.hpp"
#include "tests/target/case.hpp"
#include "tests/target/small_guest.hpp"

extern "C" const char thumb_ee_vms[], thumb_ee_vms_end[], uses_thumb_ee[],
    uses_thumb_ee_in_an_it_block[], uses_thumb_ee_at_pl0[], forbids_thumb_ee_at_pl0[],
    counts_undefined_thumb_ee[], changes_its_own[], changes_its_own_too[], leaves_them_alone[];

namespace hm::target {

namespace {

/// Both registers, and whether an access traps; at rest no access of a guest can have changed them.
struct InHyp {
    std::uint32_t control, handlers;
    bool traps;
    friend bool operator==(const InHyp&, const InHyp&) = default;
};
constexpr InHyp kNobodys{.control = 0, .handlers = 0, .traps = true};

bool core_has_thumb_ee() { return cpu::read<cpu::IdPfr0>().get(cpu::IdPfr0::kThumbEe) != 0; }

/// Where the core has none, they are undefined in HYP too.
InHyp look_at_thumb_ee() {
    InHyp look{.control = 0, .handlers = 0, .traps = cpu::read<cpu::Hstr>().get(cpu::Hstr::kTtee)};
    if (core_has_thumb_ee()) {
        look.control = cpu::read<hyp::Teecr>().raw;
        look.handlers = cpu::read<hyp::Teehbr>().raw;
    }
    return look;
}
InHyp at_the_end;

enum class Kind : std::uint8_t { kNative, kDirect, kInjected };

/// `beside`: what the second VM runs; null: there is none.
std::optional<hyp::Stop> run_at(const char* entry, Kind kind, const char* beside = nullptr) {
    make_code_visible();
    const std::array map{code_region(thumb_ee_vms, thumb_ee_vms_end)};
    const hyp::VmConfig vm{
        .stages = kind == Kind::kNative ? hyp::Stages::kStage1Only : hyp::Stages::kBoth,
        .routing = kind == Kind::kInjected ? hyp::InterruptRouting::kLinked
                                           : hyp::InterruptRouting::kStraight,
        .entry = address_of(entry),
        .map = map,
        .distributor = {board::kGicd},
        .patience = 1'000'000'000};
    hyp::Companion second{
        .vm = vm, .policy = hyp::Policy::kShared, .slice = std::uint64_t{1} << 40};
    second.vm.entry = address_of(beside);
    second.vm.vmid = 2;
    hyp::set_inspector([] { at_the_end = look_at_thumb_ee(); });
    const auto stop = hyp::run(vm, nullptr, beside == nullptr ? nullptr : &second);
    hyp::set_inspector(nullptr);
    return stop;
}

bool finished_with(const std::optional<hyp::Stop>& stop, std::uint32_t outcome) {
    return stop && stop->reason == hyp::StopReason::kFinished && stop->outcome == outcome;
}

Complaint nothing_is_left() {
    return look_at_thumb_ee() == kNobodys ? Complaint{} : "something was left after the guest";
}

/// In every regime.
template <const char* kEntry, std::uint32_t kOutcome>
Complaint finishes_with() {
    if (!core_has_thumb_ee()) {
        return {};
    }
    for (const Kind kind : {Kind::kNative, Kind::kDirect, Kind::kInjected}) {
        if (!finished_with(run_at(kEntry, kind), kOutcome)) {
            return "the guest found something wrong";
        }
        if (at_the_end.traps) {
            return "its accesses trap for ever";
        }
        if (const Complaint left = nothing_is_left(); !left.empty()) {
            return left;
        }
    }
    return {};
}

/// Says which of these cases test something here.
Complaint where_there_is_none_it_is_undefined() {
    board::print(core_has_thumb_ee() ? "ThumbEE: the core has it\n"
                                     : "ThumbEE: the core has none\n");
    if (core_has_thumb_ee()) {
        return {};
    }
    return finished_with(run_at(counts_undefined_thumb_ee, Kind::kInjected), 4)
               ? Complaint{}
               : "an access was no undefined instruction";
}

Complaint two_vms_have_their_own() {
    if (!core_has_thumb_ee()) {
        return {};
    }
    if (!finished_with(run_at(changes_its_own, Kind::kInjected, changes_its_own_too), 0)) {
        return "a VM found other values than its own";
    }
    return nothing_is_left();
}

Complaint a_vm_beside_one_that_uses_them_has_none() {
    if (!core_has_thumb_ee()) {
        return {};
    }
    if (!finished_with(run_at(leaves_them_alone, Kind::kInjected, changes_its_own), 0)) {
        return "the VM was stopped";
    }
    if (at_the_end != kNobodys) {
        return "the other VM's values were in reach";
    }
    return nothing_is_left();
}

constexpr std::array kCases{
    Case{"ThumbEE: its registers are zero at first, and keep what a guest writes",
         finishes_with<uses_thumb_ee, 0>},
    Case{"ThumbEE: the first access is executed again, in an IT block too",
         finishes_with<uses_thumb_ee_in_an_it_block, 0>},
    Case{"ThumbEE: PL0 reaches TEEHBR, and not TEECR", finishes_with<uses_thumb_ee_at_pl0, 1>},
    Case{"ThumbEE: PL0 does not reach TEEHBR where TEECR forbids it",
         finishes_with<forbids_thumb_ee_at_pl0, 1>},
    Case{"ThumbEE: where the core has none, its registers are undefined",
         where_there_is_none_it_is_undefined},
    Case{"ThumbEE: two VMs find their own values after each of a thousand turns",
         two_vms_have_their_own},
    Case{"ThumbEE: beside a VM that uses them, they are zero and trap",
         a_vm_beside_one_that_uses_them_has_none},
};

}  // namespace

std::span<const Case> thumb_ee_cases() { return kCases; }

}  // namespace hm::target
