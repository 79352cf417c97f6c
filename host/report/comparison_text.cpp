#include "host/report/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "host/base/text.hpp"
#include "host/judge/significance.hpp"
#include "host/report/answer.hpp"
#include "host/report/machine_name.hpp"

namespace hm::host {
namespace {

/// Rows of a table on a screen; --all prints the rest.
constexpr std::size_t kMostRows = 40;

/// What is said of a way to tell differences from noise.
std::string method_text(Method method) {
    switch (method) {
        case Method::kNone:
            return "nothing is subtracted";
        case Method::kExact:
            return "exact, since the clock counts instructions";
        case Method::kEvents:
            return fmt::format(
                "Mann-Whitney U over the events of each row, Holm's correction, level {}. It sees "
                "what differs from one run to the next too: `run --repeat {}` or more on both "
                "sides lets runs be compared",
                kLevel, kFewestRuns);
        case Method::kRuns:
            return fmt::format(
                "Welch's t over the means of the runs, with the degrees of freedom of the smaller "
                "side, Holm's correction, level {}",
                kLevel);
    }
    return {};
}

std::string side_text(const std::vector<Side>& sides, const Comparison& comparison,
                      std::size_t index, std::size_t width) {
    const Side& side = sides[index];
    const Results& first = side.first();
    const auto failed = std::count_if(side.runs.begin(), side.runs.end(),
                                      [](const Results& run) { return !run.ok(); });
    std::string text =
        fmt::format("{}: {}: {}, {} {}, suite {}, clock {}", letter_of(index), side.name,
                    machine_name(first), is_gem5(first) ? "image of" : "board", first.board,
                    first.parameters.text("suite"), first.clock);
    if (side.runs.size() > 1) {
        text += fmt::format(", {} runs", side.runs.size());
    }
    if (failed > 0) {
        text += "; FAILED, its rows may be wrong or missing";
    }
    constexpr std::size_t kIndent = 3;
    text = wrap(text, width, kIndent);
    if (index == 0) {
        return text;
    }
    const std::string& conditions = comparison.conditions[index];
    return text + wrap(fmt::format("   {} to A: {}{}.", letter_of(index),
                                   method_text(comparison.methods[index]),
                                   conditions.empty() ? "" : "; differs in " + conditions),
                       width, kIndent);
}

/// "+1 (+1.12 %)", "=" for no change, or "-" where nothing can be subtracted.
std::string change_text(std::optional<double> before, std::optional<double> after) {
    constexpr double kPercent = 100;
    if (!before || !after) {
        return "-";
    }
    const double change = *after - *before;
    if (change == 0) {
        return "=";
    }
    const std::string amount = (change > 0 ? "+" : "-") + short_number(std::abs(change));
    return *before == 0
               ? amount
               : fmt::format("{} ({:+.2f} %)", amount, kPercent * change / std::abs(*before));
}

/// The header of a table of values and changes after its first columns.
void add_columns(Table& table, const Comparison& comparison) {
    for (std::size_t side = 0; side < comparison.methods.size(); ++side) {
        table.header.push_back(letter_of(side));
    }
    for (std::size_t side = 1; side < comparison.methods.size(); ++side) {
        if (comparison.methods[side] != Method::kNone) {
            table.header.push_back(letter_of(side) + " to A");
        }
    }
}

/// Values of all sides and their changes, after the first columns.
void add_values(std::vector<std::string>& line, const Comparison& comparison,
                const std::vector<std::optional<double>>& values) {
    for (const auto& value : values) {
        line.push_back(cell_text(value));
    }
    for (std::size_t side = 1; side < values.size(); ++side) {
        if (comparison.methods[side] != Method::kNone) {
            line.push_back(change_text(values.front(), values[side]));
        }
    }
}

/// The costs of each side's answer, in their order: "boot, native".
using Costs = std::vector<std::pair<std::string, double>>;

Costs costs_of(const Results& results, std::string& unit) {
    const GroupedRows rows(results.rows);
    Costs costs;
    for (const Finding& finding : answer_of({results, rows}).findings) {
        unit = unit.empty() ? finding.unit : unit;
        if (finding.native) {
            costs.emplace_back(finding.question + ", native", *finding.native);
        }
        for (const Cost& cost : finding.guests) {
            costs.emplace_back(finding.question + ", " + cost.what, cost.value);
        }
    }
    return costs;
}

std::string answers_table(const std::vector<Side>& sides, const Comparison& comparison,
                          std::size_t width) {
    std::vector<std::string> names;
    // Of several runs the mean.
    struct Sum {
        double of = 0;
        double count = 0;
    };
    std::vector<std::map<std::string, Sum>> sums(sides.size());
    std::vector<std::string> units(sides.size());
    for (std::size_t side = 0; side < sides.size(); ++side) {
        for (const Results& run : sides[side].runs) {
            for (const auto& [name, value] : costs_of(run, units[side])) {
                Sum& sum = sums[side][name];
                sum.of += value;
                ++sum.count;
                if (std::find(names.begin(), names.end(), name) == names.end()) {
                    names.push_back(name);
                }
            }
        }
    }
    Table table{{"answer"}, {}};
    add_columns(table, comparison);
    if (std::ranges::adjacent_find(units, std::not_equal_to<>()) != units.end()) {
        for (std::size_t side = 0; side < sides.size(); ++side) {
            table.header[side + 1] += units[side].empty() ? "" : ", " + units[side];
        }
    }
    for (const std::string& name : names) {
        std::vector<std::optional<double>> line;
        for (const auto& known : sums) {
            const auto found = known.find(name);
            line.push_back(found == known.end()
                               ? std::nullopt
                               : std::optional(found->second.of / found->second.count));
        }
        table.rows.push_back({name});
        add_values(table.rows.back(), comparison, line);
    }
    return table.rows.empty() ? std::string() : "\n" + render(table, width);
}

bool differs(const Comparison& comparison, const ComparedRow& row) {
    for (std::size_t side = 0; side < row.changes.size(); ++side) {
        const Outcome outcome = row.changes[side].outcome;
        if (comparison.methods[side] != Method::kNone &&
            (outcome == Outcome::kDiffers || outcome == Outcome::kMissing)) {
            return true;
        }
    }
    return false;
}

/// The statistic that shows the difference: the mean, or the first that is not the same.
std::size_t telling_statistic(const ComparedRow& row) {
    for (std::size_t i = 0; i < kStatistics; ++i) {
        for (const auto& values : row.values) {
            if (values && row.values.front() && (*values)[i] != (*row.values.front())[i]) {
                return i;
            }
        }
    }
    return 0;
}

std::string rows_table(const Comparison& comparison, bool all, std::size_t width) {
    Table table{{"row", "of"}, {}, 2};
    add_columns(table, comparison);
    std::size_t more = 0;
    for (const ComparedRow& row : comparison.rows) {
        if (!all && !differs(comparison, row)) {
            continue;
        }
        if (!all && table.rows.size() == kMostRows) {
            ++more;
            continue;
        }
        const std::size_t statistic = telling_statistic(row);
        std::vector<std::optional<double>> line;
        for (const auto& values : row.values) {
            line.push_back(values ? (*values)[statistic] : std::nullopt);
        }
        table.rows.push_back({row.name, std::string(row_statistics()[statistic].name)});
        add_values(table.rows.back(), comparison, line);
    }
    return table.rows.empty()
               ? std::string()
               : "\n" + wrap(all ? "All rows" : "Rows that differ", width) + render(table, width) +
                     (more > 0 ? wrap(fmt::format("{} more; --all prints every row.", more), width)
                               : std::string());
}

/// Whether one of the two counts instructions and the other cycles, so that another table has them.
bool has_own_table(const Side& one, const Side& other) {
    const std::string& clock = one.first().clock;
    const std::string& beside = other.first().clock;
    return (clock == "instructions" && beside == "cycles") ||
           (clock == "cycles" && beside == "instructions");
}

std::string counts_text(const std::vector<Side>& sides, const Comparison& comparison,
                        std::size_t width) {
    std::string text;
    for (std::size_t side = 1; side < comparison.methods.size(); ++side) {
        if (has_own_table(sides.front(), sides[side])) {
            continue;
        }
        const auto missing = [&](std::size_t where) {
            return std::count_if(comparison.rows.begin(), comparison.rows.end(),
                                 [&](const ComparedRow& row) {
                                     return row.changes[side].outcome == Outcome::kMissing &&
                                            row.values[where].has_value();
                                 });
        };
        const std::size_t untested = comparison.count(side, Outcome::kUntested);
        const bool exact = comparison.methods[side] == Method::kExact;
        text += wrap(
            comparison.methods[side] == Method::kNone
                ? fmt::format("{} and A: shown, not compared; {} rows only in A, {} only in {}.",
                              letter_of(side), missing(0), missing(side), letter_of(side))
                : fmt::format("{} and A: {} rows {}, {} differ{}, {} only in A, {} only in {}.",
                              letter_of(side), comparison.count(side, Outcome::kEqual),
                              exact ? "are equal" : "do not differ by more than noise",
                              comparison.count(side, Outcome::kDiffers),
                              untested == 0
                                  ? std::string()
                                  : fmt::format(", {} have too few events for a test", untested),
                              missing(0), missing(side), letter_of(side)),
            width);
    }
    return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string letter_of(std::size_t side) {
    return {static_cast<char>('A' + static_cast<char>(side))};
}

std::string comparison_text(const std::vector<Side>& sides, const Comparison& comparison, bool all,
                            std::size_t width) {
    std::string text;
    for (std::size_t side = 0; side < sides.size(); ++side) {
        text += side_text(sides, comparison, side, width);
    }
    const bool apart = std::all_of(sides.begin() + 1, sides.end(), [&sides](const Side& side) {
        return has_own_table(sides.front(), side);
    });
    return text + answers_table(sides, comparison, width) +
           rows_table(comparison, all && !apart, width) + counts_text(sides, comparison, width);
}

}  // namespace hm::host
