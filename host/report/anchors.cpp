// Our counts beside those of other hypervisors on the same emulated machine.

#include "host/report/anchors.hpp"

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/timer_cases.hpp"

namespace hm::host {
namespace {

/// Which rows an anchor stands beside: an exit, or a timer whose guest waits so.
struct AnchorRow {
    const Anchor* anchor;
    std::string_view exit;
    std::string_view wait;
    /// Of measured ones, whose timers go on to the application.
    std::string_view measured;
};
constexpr std::array<AnchorRow, 7> kAnchorRows{{
    {&kCallAnchor, "psci-version", "", "PSCI_VERSION by HVC"},
    {&kActlrAnchor, "actlr-read", "", kActlrAnchor.operation},
    {&kDistributorAnchor, "gicd-ctlr-read", "", kDistributorAnchor.operation},
    {&kPl011Anchor, "pl011-read", "", kPl011Anchor.operation},
    {&kSelfSgiAnchor, "sgi-self", "", kSelfSgiAnchor.operation},
    {&kSpinAnchor, "", "spin", "timer to application, spinning"},
    {&kWfiAnchor, "", "wfi", "timer to application, in WFI"},
}};

constexpr std::string_view kQuotedNote =
    "The others are quoted from earlier measurements of another guest; `report --beside` shows "
    "measured ones. They are full hypervisors, with schedulers and many more features. Their timer "
    "rows end where that guest's handler reads the counter, ours at the guest's vector. We poll "
    "for the SGI.";
constexpr std::string_view kMeasuredNote =
    "The others were measured by the same loops in the guest alone: means, timers to the "
    "application, the SGI polled for. Full hypervisors have schedulers and many more features.";

/// Of a guest, from before the instruction until it goes on, or has taken what it caused.
std::optional<double> exit_of_guest(const Results& results, std::string_view exit) {
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
    if (const auto psci = exit_of_guest(results, "psci-version")) {
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
std::optional<double> to_vector(const TimerCases& cases, std::string_view wait) {
    const TimerCase* native = idle_case(cases, "native", wait);
    const TimerCase* guest = idle_case(cases, "injected", wait);
    if (native == nullptr || guest == nullptr || native->layers.empty()) {
        return std::nullopt;
    }
    return native->layers.front()->mean + guest->plain->mean - native->plain->mean;
}

/// From a deadline to the application.
std::optional<double> to_application(const TimerCases& cases, std::string_view delivery,
                                     std::string_view wait) {
    const TimerCase* one = idle_case(cases, delivery, wait);
    return one == nullptr ? std::nullopt : std::optional(one->plain->mean);
}

Beside beside_quoted(const GroupedResults& run) {
    Beside beside{{"Xen 4.17", "Xvisor", "KVM/ARM", "none"}, {}, std::string(kQuotedNote), "never"};
    if (run.results.clock != "instructions" || run.results.alone()) {
        return beside;
    }
    for (const AnchorRow& row : kAnchorRows) {
        const Anchor& anchor = *row.anchor;
        const auto ours = !row.wait.empty()         ? to_vector(run.rows.timer(), row.wait)
                          : &anchor == &kCallAnchor ? our_call(run.results)
                                                    : exit_of_guest(run.results, row.exit);
        if (ours) {
            beside.rows.push_back(
                {anchor.operation, *ours, {anchor.xen, anchor.xvisor, anchor.kvm, anchor.bare}});
        }
    }
    return beside;
}

Beside beside_measured(const GroupedResults& run) {
    Beside beside{{}, {}, std::string(kMeasuredNote), "-"};
    std::vector<TimerCases> timers;
    for (const Results& other : run.beside) {
        beside.names.push_back(other.parameters.text("under"));
        timers.push_back(timer_cases(other.rows));
    }
    for (const AnchorRow& row : kAnchorRows) {
        const auto ours = row.wait.empty() ? exit_of_guest(run.results, row.exit)
                                           : to_application(run.rows.timer(), "injected", row.wait);
        if (!ours) {
            continue;
        }
        beside.rows.push_back({row.measured, *ours, {}});
        for (std::size_t i = 0; i < timers.size(); ++i) {
            beside.rows.back().others.push_back(
                row.wait.empty() ? exit_of_guest(run.beside[i], row.exit)
                                 : to_application(timers[i], measure::kAlone, row.wait));
        }
    }
    return beside;
}

}  // namespace

Beside beside_others(const GroupedResults& run) {
    return run.beside.empty() ? beside_quoted(run) : beside_measured(run);
}

std::string anchors_text(const GroupedResults& run, Verbosity, std::size_t width) {
    const Beside beside = beside_others(run);
    Table table{{run.results.clock, "hypmeter"}, {}};
    table.header.insert(table.header.end(), beside.names.begin(), beside.names.end());
    for (const BesideRow& row : beside.rows) {
        table.rows.push_back({std::string(row.operation), short_number(row.ours)});
        for (const std::optional<double>& other : row.others) {
            table.rows.back().push_back(other ? short_number(*other) : beside.missing);
        }
    }
    return table.rows.empty() ? std::string()
                              : wrap("Beside other hypervisors", width) + render(table, width) +
                                    wrap(beside.note, width);
}

}  // namespace hm::host
