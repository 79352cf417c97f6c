#include "host/report/timer_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/report/layer_table.hpp"
#include "host/report/notes.hpp"
#include "host/report/paper.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

constexpr std::array<std::string_view, 4> kDeliveries{"native", "injected", "injected-soft",
                                                      "direct"};

std::size_t place_of(const TimerCase& one) {
    return static_cast<std::size_t>(
        std::find(kDeliveries.begin(), kDeliveries.end(), one.first->delivery) -
        kDeliveries.begin());
}

/// Runs under the same conditions, each group in the order of the deliveries.
std::vector<TimerCases> groups_of(const TimerCases& cases) {
    std::vector<TimerCases> groups;
    for (const TimerCase& one : cases) {
        const auto group = std::find_if(groups.begin(), groups.end(), [&](const TimerCases& known) {
            return same_conditions(known.front(), one);
        });
        if (group == groups.end()) {
            groups.push_back({one});
        } else {
            group->push_back(one);
        }
    }
    for (TimerCases& group : groups) {
        std::stable_sort(group.begin(), group.end(), [](const TimerCase& a, const TimerCase& b) {
            return place_of(a) < place_of(b);
        });
    }
    return groups;
}

/// The group that stands for all in a summary: waiting in WFI, nothing else running.
bool is_main(const TimerCases& group) {
    return group.front().param("wait") == "wfi" && group.front().param("load") == "idle";
}

/// Caches were driven empty before each wait, which only the layers of such a group show.
bool is_cold(const TimerCases& group) { return group.front().param("load") == "evict"; }

std::string cold_text(const Results& results, std::size_t width) {
    return wrap(std::string("Cold caches: before each wait the guest drives all else out of the "
                            "core's caches and TLBs.") +
                    (results.models_caches
                         ? ""
                         : " This machine has no caches, so these are the counts of warm ones."),
                width);
}

/// What the first layer is where the emulator's GIC takes no time.
std::string gic_note(const Results& results) {
    return results.clock != "instructions"
               ? std::string()
               : " The GIC of this machine takes no time: deadline to vector is the vector's own "
                 "first instructions. Without load all wake-ups are alike by construction.";
}

std::string ratio_note(const GroupedResults& run, std::size_t width) {
    constexpr std::array kFigures{&paper::kResponseP95, &paper::kResponseMax};
    return wrap("x p95, x max: ratio to native." + gic_note(run.results), width) +
           counter_text(run.results, width) + paper::text_of(kFigures, run, width);
}

void add_line(const Results& results, Table& table, const std::string& label, const Row& row,
              const Row* native, std::optional<double> probe) {
    const auto nanoseconds = [&](std::optional<double> value) {
        return nanoseconds_text(in_nanoseconds(results, row.unit, value));
    };
    const auto of_native = [native](std::optional<double> Row::*statistic) {
        return native == nullptr ? std::nullopt : native->*statistic;
    };
    table.rows.push_back(
        {label, cell_text(row.min), cell_text(row.mean), cell_text(row.p50), cell_text(row.p95),
         cell_text(row.p99), cell_text(row.p999), cell_text(row.max), nanoseconds(row.mean),
         nanoseconds(row.p95), nanoseconds(row.max), cell_text(probe),
         ratio_text(row.p95, of_native(&Row::p95)),
         ratio_text(row.max, native == nullptr ? std::nullopt : std::optional(native->max))});
}

/// One line for each case and statistic, with its ratio to the native case among `all`. With
/// `stamped`, the delays with stamps are there too.
std::string end_to_end_table(const Results& results, const TimerCases& cases, const TimerCases& all,
                             bool stamped, std::size_t width) {
    Table table{{"deadline to application", "min", "mean", "p50", "p95", "p99", "p99.9", "max",
                 "mean ns", "p95 ns", "max ns", "probe", "x p95", "x max"},
                {}};
    const bool one_group = std::all_of(cases.begin(), cases.end(), [&cases](const TimerCase& one) {
        return one.param("wait") == cases.front().param("wait") &&
               one.param("load") == cases.front().param("load");
    });
    const auto label = [one_group](const TimerCase& one) {
        return one_group ? one.delivery() : one.name();
    };
    for (const TimerCase& one : cases) {
        const TimerCase* native = native_of(all, one);
        if (one.plain != nullptr) {
            const std::optional<double> probe =
                one.stamped == nullptr ? std::nullopt
                                       : std::optional(one.stamped->mean - one.plain->mean);
            add_line(results, table, label(one), *one.plain,
                     native == nullptr ? nullptr : native->plain, probe);
        }
    }
    for (const TimerCase& one : cases) {
        const TimerCase* native = native_of(all, one);
        if (stamped && one.stamped != nullptr) {
            add_line(results, table, label(one) + ", stamped", *one.stamped,
                     native == nullptr ? nullptr : native->stamped, std::nullopt);
        }
    }
    return table.rows.empty() ? std::string() : render(without_empty_columns(table), width);
}

}  // namespace

std::string missed_text(const TimerCases& cases, std::size_t width) {
    std::string text;
    for (const TimerCase& one : cases) {
        if (one.missed > 0) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one.name(),
                                short_number(one.missed));
        }
    }
    return wrap("Missed periods: " + (text.empty() ? "none." : text + "."), width);
}

std::string figure7_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const TimerCases& all = run.rows.timer();
    TimerCases alone;
    std::copy_if(all.begin(), all.end(), std::back_inserter(alone),
                 [](const TimerCase& one) { return !one.shares_core(); });
    if (alone.empty()) {
        return {};
    }
    std::string text = wrap("Figure 7: what an interrupt costs", width);
    TimerCases others;
    for (const TimerCases& group : groups_of(alone)) {
        if (verbosity == Verbosity::kSummary && !is_main(group) && !is_cold(group)) {
            others.insert(others.end(), group.begin(), group.end());
            continue;
        }
        text += (is_cold(group) ? cold_text(run.results, width) : std::string()) +
                wrap(conditions_text(group), width) + layer_table(run.results, group, width) +
                "\n" + end_to_end_table(run.results, group, all, true, width) + "\n";
    }
    if (!others.empty()) {
        text += wrap("Other ways to wait, other loads, in " + others.front().first->unit, width) +
                end_to_end_table(run.results, others, all, false, width) + "\n";
    }
    return text + missed_text(alone, width) + ratio_note(run, width);
}

}  // namespace hm::host
