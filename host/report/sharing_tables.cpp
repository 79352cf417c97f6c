// A guest that shares the core with another: the wait for its slice, and the way around it.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "host/report/paper.hpp"
#include "host/report/timer_tables.hpp"

namespace hm::host {
namespace {

std::vector<TimerRuns> by_load(const TimerRuns& runs) {
    std::vector<TimerRuns> groups;
    for (const TimerRun& run : runs) {
        const auto group = std::find_if(groups.begin(), groups.end(), [&](const TimerRuns& known) {
            return known.front().param("load") == run.param("load") &&
                   known.front().param("wait") == run.param("wait");
        });
        if (group == groups.end()) {
            groups.push_back({run});
        } else {
            group->push_back(run);
        }
    }
    return groups;
}

/// Of a summary: shared and boosted with the longest slice that both have.
TimerRuns comparable_pair(const TimerRuns& runs) {
    TimerRuns pair;
    for (const TimerRun& run : runs) {
        const bool matched = std::any_of(runs.begin(), runs.end(), [&run](const TimerRun& other) {
            return other.first->delivery != run.first->delivery &&
                   other.slice_us() == run.slice_us();
        });
        if (!matched) {
            continue;
        }
        if (!pair.empty() && run.slice_us() > pair.front().slice_us()) {
            pair.clear();
        }
        if (pair.empty() || run.slice_us() == pair.front().slice_us()) {
            pair.push_back(run);
        }
    }
    return pair.empty() ? runs : pair;
}

std::string layers_text(const TimerRuns& shared, Detail detail, std::size_t width) {
    std::string text;
    for (const TimerRuns& group : by_load(shared)) {
        const bool main = group.front().param("load") == "vm-compute";
        if (detail == Detail::kSummary && !main) {
            continue;
        }
        const TimerRuns shown = detail == Detail::kFull ? group : comparable_pair(group);
        text += wrap(conditions_text(shown), width) + layer_table(shown, width) + "\n";
    }
    return text;
}

/// The slice in ticks of the counter, where that is what delays are counted in.
std::optional<double> slice_ticks(const Results& results, const TimerRun& run) {
    constexpr double kMicrosecondsPerSecond = 1e6;
    const auto found = results.parameters.find("counter_hz");
    if (found == results.parameters.end() || !found->is_number()) {
        return std::nullopt;
    }
    return run.slice_us() * found->get<double>() / kMicrosecondsPerSecond;
}

/// A line of the waits: the greatest delay of a shared core also less the slice that it waited for.
std::vector<std::string> wait_line(const Results& results, const TimerRuns& all,
                                   const TimerRun& run, bool say_wait) {
    const Row& row = *run.plain;
    const TimerRun* native = native_of(all, run);
    const Row* beside = native == nullptr ? nullptr : native->plain;
    const std::optional<double> slice =
        run.first->delivery == "shared" ? slice_ticks(results, run) : std::nullopt;
    return {say_wait ? run.name() : run.param("load") + " " + run.delivery(),
            cell_text(row.min),
            cell_text(row.p50),
            cell_text(row.p95),
            cell_text(row.max),
            cell_text(slice ? std::optional(row.max - *slice) : std::nullopt),
            cell_text(run.stamped == nullptr ? std::nullopt
                                             : std::optional(run.stamped->mean - row.mean)),
            ratio_text(row.p95, beside == nullptr ? std::nullopt : beside->p95),
            ratio_text(row.max, beside == nullptr ? std::nullopt : std::optional(beside->max))};
}

std::string paper_text(const Results& results) {
    return fmt::format(
        "beyond: what the greatest delay leaves when the other's slice is taken off. The paper "
        "saw {} us at most as a guest and {} us on the host (x {}), p95 {} and {} us (x {}; its "
        "text has {} and {} us), and took the cause for the wait to be scheduled. {}",
        number_text(paper::kGuestMax), number_text(paper::kHostMax), number_text(paper::kMaxRatio),
        number_text(paper::kGuestP95), number_text(paper::kHostP95), number_text(paper::kP95Ratio),
        number_text(paper::kTextGuestP95), number_text(paper::kTextHostP95),
        results.models_time() ? "This machine models time, so the ratios can be compared."
                              : "This machine models no time: only the shape can be compared, that "
                                "the tail follows the slice.");
}

std::string waits_text(const Results& results, const TimerRuns& all, const TimerRuns& shared,
                       std::size_t width) {
    const std::string wait = shared.front().param("wait");
    const bool say_wait = std::any_of(shared.begin(), shared.end(), [&](const TimerRun& run) {
        return run.param("wait") != wait;
    });
    Table table{{"load", "min", "p50", "p95", "max", "beyond", "probe", "x p95", "x max"}, {}};
    std::string unit;
    for (const TimerRun& run : shared) {
        if (run.plain != nullptr) {
            unit = run.plain->unit;
            table.rows.push_back(wait_line(results, all, run, say_wait));
        }
    }
    return table.rows.empty()
               ? std::string()
               : wrap(fmt::format("The wait for a slice: deadline to application, without stamps, "
                                  "in {}",
                                  unit),
                      width) +
                     render(without_empty_columns(table), width) + missed_text(shared, width) +
                     wrap(paper_text(results), width);
}

/// What boosting takes from the other virtual machine, beside plain slices of the same length.
std::string cost_text(const TimerRuns& shared, std::size_t width) {
    Table table{{"load and slice", "shared", "boosted", "change"}, {}};
    std::string unit;
    for (const TimerRun& boosted : shared) {
        if (boosted.first->delivery != "boosted" || boosted.other_work == nullptr) {
            continue;
        }
        for (const TimerRun& plain : shared) {
            if (plain.first->delivery != "shared" || plain.other_work == nullptr ||
                plain.slice_us() != boosted.slice_us() ||
                plain.param("load") != boosted.param("load") ||
                plain.param("wait") != boosted.param("wait")) {
                continue;
            }
            unit = boosted.other_work->unit;
            const double before = plain.other_work->mean;
            const double after = boosted.other_work->mean;
            table.rows.push_back(
                {delivery_text(boosted.param("load"), boosted.param("slice_us")),
                 short_number(before), short_number(after),
                 before == 0 ? "-" : fmt::format("{:+.2f} %", 100 * (after - before) / before)});
        }
    }
    return table.rows.empty()
               ? std::string()
               : "\n" +
                     wrap(fmt::format(
                              "What boosting costs the other virtual machine: its work, in {}",
                              unit),
                          width) +
                     render(table, width);
}

}  // namespace

std::string sharing_text(const Results& results, Detail detail, std::size_t width) {
    const TimerRuns all = timer_runs(results.rows);
    TimerRuns shared;
    std::copy_if(all.begin(), all.end(), std::back_inserter(shared),
                 [](const TimerRun& run) { return run.shares_core(); });
    if (shared.empty()) {
        return {};
    }
    return wrap("A core shared with another virtual machine", width) +
           layers_text(shared, detail, width) + waits_text(results, all, shared, width) +
           cost_text(shared, width);
}

}  // namespace hm::host
