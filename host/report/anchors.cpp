// Our counts beside those of other hypervisors on the same emulated machine.

#include "host/report/anchors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/timer_cases.hpp"

namespace hm::host {
namespace {

/// Of a guest, from before the instruction until it goes on, or has taken what it caused.
std::optional<double> our_exit(const Results& results, std::string_view exit) {
    for (const Row& row : results.rows) {
        if (row.workload == "exits" && row.layer == "exit" && !row.native() &&
            row.param("exit") == exit) {
            return row.mean;
        }
    }
    return std::nullopt;
}

/// PSCI_VERSION, or where that was not measured a call that does nothing.
std::optional<double> our_call(const Results& results) {
    if (const auto psci = our_exit(results, "psci-version")) {
        return psci;
    }
    for (const Row& row : results.rows) {
        if (row.workload == "hypercall" && row.layer == kMonitorLayer &&
            row.param("path") == "null-dispatch") {
            return row.mean;
        }
    }
    return std::nullopt;
}

/// The case of this delivery and this wait with nothing else running, or null.
const TimerCase* idle_case(const TimerCases& cases, std::string_view delivery,
                           std::string_view wait) {
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const TimerCase& one) {
        return one.first->delivery == delivery && one.param("load") == "idle" &&
               one.param("wait") == wait && one.plain != nullptr;
    });
    return found == cases.end() ? nullptr : &*found;
}

/// From a deadline to where the guest's vector reads the counter, without what stamps cost: the way
/// of a native guest, and what a guest of ours waits longer.
std::optional<double> our_timer(const TimerCases& cases, std::string_view wait) {
    const TimerCase* native = idle_case(cases, "native", wait);
    const TimerCase* guest = idle_case(cases, "injected", wait);
    if (native == nullptr || guest == nullptr || native->layers.empty()) {
        return std::nullopt;
    }
    return native->layers.front()->mean + guest->plain->mean - native->plain->mean;
}

}  // namespace

std::vector<BesideAnchor> beside_anchors(const GroupedResults& run) {
    std::vector<BesideAnchor> found;
    if (run.results.clock != "instructions") {
        return found;
    }
    const TimerCases& cases = run.rows.timer();
    const auto add = [&found](const Anchor& anchor, std::optional<double> ours) {
        if (ours) {
            found.push_back({&anchor, *ours});
        }
    };
    add(kCallAnchor, our_call(run.results));
    add(kActlrAnchor, our_exit(run.results, "actlr-read"));
    add(kDistributorAnchor, our_exit(run.results, "gicd-ctlr-read"));
    add(kPl011Anchor, our_exit(run.results, "pl011-read"));
    add(kSelfSgiAnchor, our_exit(run.results, "sgi-self"));
    add(kSpinAnchor, our_timer(cases, "spin"));
    add(kWfiAnchor, our_timer(cases, "wfi"));
    return found;
}

std::string anchors_text(const GroupedResults& run, Verbosity, std::size_t width) {
    Table table{{"instructions", "hypmeter", "Xen 4.17", "Xvisor", "KVM/ARM", "none"}, {}};
    const auto text = [](std::optional<double> count) {
        return count ? short_number(*count) : std::string("never");
    };
    for (const auto& [anchor, ours] : beside_anchors(run)) {
        table.rows.push_back({std::string(anchor->operation), short_number(ours), text(anchor->xen),
                              text(anchor->xvisor), text(anchor->kvm), text(anchor->bare)});
    }
    return table.rows.empty() ? std::string()
                              : wrap("Beside other hypervisors", width) + render(table, width) +
                                    wrap(
                                        "The others were measured on the same emulator. They are "
                                        "full hypervisors, with "
                                        "schedulers and many more features. " +
                                            std::string(kAnchorsNote),
                                        width);
}

}  // namespace hm::host
