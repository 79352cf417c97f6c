#include "host/report/sharing_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "host/base/text.hpp"
#include "host/report/layer_table.hpp"
#include "host/report/notes.hpp"
#include "host/report/paper.hpp"
#include "host/report/timer_tables.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

std::vector<TimerCases> by_load(const TimerCases& cases) {
    std::vector<TimerCases> groups;
    for (const TimerCase& one : cases) {
        const auto group = std::find_if(groups.begin(), groups.end(), [&](const TimerCases& known) {
            return known.front().param("load") == one.param("load") &&
                   known.front().param("wait") == one.param("wait");
        });
        if (group == groups.end()) {
            groups.push_back({one});
        } else {
            group->push_back(one);
        }
    }
    return groups;
}

/// Of a summary: shared and boosted with the longest slice that both have.
TimerCases comparable_pair(const TimerCases& cases) {
    TimerCases pair;
    for (const TimerCase& one : cases) {
        const bool matched =
            std::any_of(cases.begin(), cases.end(), [&one](const TimerCase& other) {
                return other.first->delivery != one.first->delivery &&
                       other.slice_us() == one.slice_us();
            });
        if (!matched) {
            continue;
        }
        if (!pair.empty() && one.slice_us() > pair.front().slice_us()) {
            pair.clear();
        }
        if (pair.empty() || one.slice_us() == pair.front().slice_us()) {
            pair.push_back(one);
        }
    }
    return pair.empty() ? cases : pair;
}

std::string layers_text(const Results& results, const TimerCases& shared, Verbosity verbosity,
                        std::size_t width) {
    std::string text;
    for (const TimerCases& group : by_load(shared)) {
        const bool main = group.front().param("load") == "vm-compute";
        if (verbosity == Verbosity::kSummary && !main) {
            continue;
        }
        const TimerCases shown = verbosity == Verbosity::kFull ? group : comparable_pair(group);
        text += wrap(conditions_text(shown), width) + layer_table(results, shown, width) + "\n";
    }
    return text;
}

/// The slice in ticks of the counter, if delays are counted in them.
std::optional<double> slice_ticks(const Results& results, const TimerCase& one) {
    constexpr double kMicrosecondsPerSecond = 1e6;
    const auto counter_hz = results.parameters.number("counter_hz");
    return counter_hz ? std::optional(one.slice_us() * *counter_hz / kMicrosecondsPerSecond)
                      : std::nullopt;
}

/// The part of the wake-ups that found the core with the other, by their stamps.
std::optional<double> part_that_waited(const TimerCase& one) {
    if (one.stamped == nullptr || one.stamped->count == 0) {
        return std::nullopt;
    }
    const auto waited = std::find_if(one.layers.begin(), one.layers.end(), [](const Row* layer) {
        return layer->layer == "hyp-vector..scheduled";
    });
    const double count = waited == one.layers.end() ? 0 : static_cast<double>((*waited)->count);
    return count / static_cast<double>(one.stamped->count);
}

std::string percent_text(std::optional<double> part) {
    constexpr double kPercent = 100;
    return part ? fmt::format("{:.1f} %", *part * kPercent) : "-";
}

/// One line of the waits.
std::vector<std::string> wait_line(const Results& results, const TimerCases& all,
                                   const TimerCase& one, bool say_wait) {
    const Row& row = *one.plain;
    const TimerCase* native = native_of(all, one);
    const Row* beside = native == nullptr ? nullptr : native->plain;
    return {say_wait ? one.name() : one.param("load") + " " + one.delivery(),
            cell_text(row.min),
            cell_text(row.mean),
            cell_text(row.p95),
            cell_text(row.max),
            nanoseconds_text(in_nanoseconds(results, row.unit, row.mean)),
            nanoseconds_text(in_nanoseconds(results, row.unit, row.max)),
            percent_text(part_that_waited(one)),
            cell_text(one.stamped == nullptr ? std::nullopt
                                             : std::optional(one.stamped->mean - row.mean)),
            ratio_text(row.p95, beside == nullptr ? std::nullopt : beside->p95),
            ratio_text(row.max, beside == nullptr ? std::nullopt : std::optional(beside->max))};
}

/// What the wait for a slice is beside what it must be. A deadline comes at any time of two slices:
/// half of them find the core with the other, and wait for what is left of its slice, uniformly
/// from nothing to all of it. The other half take what the shortest wake-up takes.
std::string theory_text(const Results& results, const TimerCases& shared, std::size_t width) {
    Table table{{"shared with", "waited", "in theory", "mean", "in theory", "max", "in theory"},
                {}};
    for (const TimerCase& one : shared) {
        const std::optional<double> slice = slice_ticks(results, one);
        if (one.plain == nullptr || one.first->delivery != "shared" || !slice) {
            continue;
        }
        constexpr double kWaiting = 0.5;
        constexpr double kMeanWait = 0.5;  // in slices
        const double at_once = one.plain->min;
        table.rows.push_back({delivery_text(one.param("load"), one.param("slice_us")),
                              percent_text(part_that_waited(one)), percent_text(kWaiting),
                              cell_text(one.plain->mean),
                              cell_text(at_once + kWaiting * kMeanWait * *slice),
                              cell_text(one.plain->max), cell_text(at_once + *slice)});
    }
    return table.rows.empty()
               ? std::string()
               : "\n" +
                     wrap(
                         "The wait for a slice beside theory: a deadline comes at any time of the "
                         "two "
                         "slices, so that half of them wait, from nothing to a whole slice",
                         width) +
                     render(without_empty_columns(table), width);
}

std::string shape_text(const GroupedResults& run, std::size_t width) {
    const std::string_view lack = paper::lacking(paper::kWaitMax, run.results);
    const bool alike = !paper::beside(paper::kWaitMax, run).empty();
    constexpr std::array kFigures{&paper::kWaitMax};
    const std::string said = wrap(
        fmt::format(
            "The paper saw {} us at most as a guest of its Arndale and {} us on the host (x {}), "
            "p95 "
            "{} and {} us (x {}; its text has {} and {} us), and took the cause for the wait to be "
            "scheduled.{}",
            number_text(paper::kWaitMax.guest), number_text(paper::kWaitMax.host),
            number_text(paper::kWaitMax.ratio), number_text(paper::kResponseP95.guest),
            number_text(paper::kResponseP95.host), number_text(paper::kResponseP95.ratio),
            number_text(paper::kTextGuestP95), number_text(paper::kTextHostP95),
            alike ? std::string()
                  : fmt::format(" {}: only the shape can be compared, that the tail follows the "
                                "slice.",
                                lack.empty() ? std::string("The periods here are others")
                                             : fmt::format("This machine {}", lack))),
        width);
    return alike ? said + paper::text_of(kFigures, run, width) : said;
}

std::string short_theory_text(std::size_t width) {
    return wrap(
        "In theory half of those that share the core by slices wait: a quarter of a slice in "
        "the mean of all, a whole slice at most (`report` compares).",
        width);
}

std::string waits_text(const GroupedResults& run, const TimerCases& shared, std::size_t width) {
    const Results& results = run.results;
    const TimerCases& all = run.rows.timer();
    const std::string wait = shared.front().param("wait");
    const bool say_wait = std::any_of(shared.begin(), shared.end(), [&](const TimerCase& one) {
        return one.param("wait") != wait;
    });
    Table table{{"load", "min", "mean", "p95", "max", "mean ns", "max ns", "waited", "probe",
                 "x p95", "x max"},
                {}};
    std::string unit;
    for (const TimerCase& one : shared) {
        if (one.plain != nullptr) {
            unit = one.plain->unit;
            table.rows.push_back(wait_line(results, all, one, say_wait));
        }
    }
    return table.rows.empty()
               ? std::string()
               : wrap(fmt::format("The wait for a slice: deadline to application, without stamps, "
                                  "in {}",
                                  unit),
                      width) +
                     render(without_empty_columns(table), width) + missed_text(shared, width) +
                     counter_text(results, width) + shape_text(run, width);
}

/// What boosting takes from the other virtual machine, beside plain slices of the same length.
std::string cost_text(const TimerCases& shared, std::size_t width) {
    Table table{{"load and slice", "shared", "boosted", "change"}, {}};
    std::string unit;
    for (const TimerCase& boosted : shared) {
        if (boosted.first->delivery != "boosted" || boosted.other_work == nullptr) {
            continue;
        }
        for (const TimerCase& plain : shared) {
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

std::string sharing_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const TimerCases& all = run.rows.timer();
    TimerCases shared;
    std::copy_if(all.begin(), all.end(), std::back_inserter(shared),
                 [](const TimerCase& one) { return one.shares_core(); });
    if (shared.empty()) {
        return {};
    }
    return wrap("A core shared with another virtual machine", width) +
           layers_text(run.results, shared, verbosity, width) + waits_text(run, shared, width) +
           (verbosity == Verbosity::kFull ? theory_text(run.results, shared, width)
                                          : short_theory_text(width)) +
           cost_text(shared, width);
}

}  // namespace hm::host
