#include "host/judge/agreements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/text.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

using Rows = std::vector<Row>;

/// Records give means in thousandths.
constexpr double kRounding = 0.0015;

/// The row of the same workload with this layer, these parameters and this setting; null if there
/// is none.
const Row* find(const Rows& rows, const Row& like, std::string_view layer, const Params& params,
                const std::string& setting) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
        return row.workload == like.workload && row.layer == layer && row.params == params &&
               row.setting() == setting;
    });
    return found == rows.end() ? nullptr : &*found;
}

/// How many ticks the event of `counted`, a row of instructions in HYP, took longer than it would
/// have without HYP. Nothing where the run does not have the rows for it.
using AddedTicks = std::optional<double> (*)(const Rows& rows, const Row& counted);

/// What a guest waits longer for its interrupt than natively. A trapped WFI is before the deadline,
/// and another VM's slice is no work of HYP's.
std::optional<double> added_to_wake_up(const Rows& rows, const Row& counted) {
    if (counted.workload != "timer" || counted.param("load") != "idle" ||
        counted.param("wait") == "wfi-trapped" || counted.param("wait") == "calls" ||
        !counted.param("slice_us").empty()) {
        return std::nullopt;
    }
    const Row* guest = find(rows, counted, kEndToEnd, counted.params, counted.setting());
    const Row* native = find(rows, counted, kEndToEnd, counted.params, "native/native");
    if (guest == nullptr || native == nullptr) {
        return std::nullopt;
    }
    return guest->mean - native->mean;
}

/// All of a stage-2 fault but the access, which is done again.
std::optional<double> added_to_stage2_fault(const Rows& rows, const Row& counted) {
    if (counted.workload != "pagefault" || counted.param("faults") != "stage2") {
        return std::nullopt;
    }
    const Row* fault = find(rows, counted, "fault", counted.params, counted.setting());
    return fault == nullptr ? std::nullopt : std::optional(fault->mean - 1);
}

/// What a fault of both stages takes longer than one of the guest's own.
std::optional<double> added_to_both_faults(const Rows& rows, const Row& counted) {
    if (counted.workload != "pagefault" || counted.param("faults") != "both") {
        return std::nullopt;
    }
    Params of_stage1 = counted.params;
    of_stage1.set("faults", std::string("stage1"));
    const Row* both = find(rows, counted, "fault", counted.params, counted.setting());
    const Row* stage1 = find(rows, counted, "fault", of_stage1, counted.setting());
    if (both == nullptr || stage1 == nullptr) {
        return std::nullopt;
    }
    return both->mean - stage1->mean;
}

struct Kind {
    std::string_view name;
    AddedTicks added;
};

constexpr std::array<Kind, 3> kKinds{{{"wake-up", added_to_wake_up},
                                      {"stage-2 fault", added_to_stage2_fault},
                                      {"fault of both stages", added_to_both_faults}}};

}  // namespace

void judge_agreements(const RunLog& log, std::vector<Verdict>& verdicts) {
    if (!log.counts_instructions()) {
        return;
    }
    for (const Kind& kind : kKinds) {
        std::size_t rows = 0;
        const Row* shown = nullptr;
        double added = 0;
        bool ok = true;
        for (const Row& row : log.rows) {
            if (!ok || row.layer != kMonitorLayer || row.native() || row.param("stamps") != "0") {
                continue;
            }
            const std::optional<double> ticks = kind.added(log.rows, row);
            if (!ticks) {
                continue;
            }
            ++rows;
            ok = std::abs(*ticks - row.mean) < kRounding;
            if (!ok || shown == nullptr || *ticks > added) {
                shown = &row;
                added = *ticks;
            }
        }
        if (shown != nullptr) {
            verdicts.push_back(
                {fmt::format("HYP's instructions are the ticks that it adds: {}", kind.name), ok,
                 fmt::format("{} ticks and {} instructions ({} {}), {} rows compared",
                             number_text(added), number_text(shown->mean), label_of(*shown),
                             shown->setting(), rows)});
        }
    }
}

}  // namespace hm::host
