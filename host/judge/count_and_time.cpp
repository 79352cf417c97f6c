#include "host/judge/count_and_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "host/rows/rows.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

/// Parameters that say how often something was done and how far apart, and not what. Pages are
/// those that a loop of faults goes through.
constexpr std::array<std::string_view, 6> kHowOften{"count",  "laps",    "pages",
                                                    "rounds", "warm_up", "period_us"};

std::string compared_name(const Row& row) {
    return fmt::format("{} {} {}", label_of(row), row.setting(), row.layer);
}

/// What the row is of, whatever the suite.
std::string subject_of(const Row& row) {
    Row bare;
    bare.workload = row.workload;
    bare.regime = row.regime;
    bare.delivery = row.delivery;
    bare.stage2 = row.stage2;
    bare.layer = row.layer;
    bare.params = row.params;
    for (const std::string_view key : kHowOften) {
        bare.params.erase(key);
    }
    return compared_name(bare);
}

bool counts_the_clock(const Row& row) {
    // What the PMU counts has the same unit, but is no clock.
    return (row.unit == "instructions" || row.unit == "instructions/load") &&
           !counts_monitor(row) && row.layer != kGuestLayer;
}

bool has_cycles(const Results& results, const Row& row) {
    return in_cycles(results, row.unit, row.mean).has_value();
}

/// The mean over the runs of a side, of a row as the first of them has it.
struct Mean {
    const Row* row = nullptr;
    double sum = 0;
    double runs = 0;

    [[nodiscard]] double value() const { return sum / runs; }
};

/// All rows of a side that `is_wanted`: by their exact name, in their order, and the names of each
/// subject.
struct SideRows {
    std::vector<std::string> names;
    std::unordered_map<std::string, Mean> by_name;
    std::unordered_map<std::string, std::vector<std::string>> by_subject;
};

SideRows rows_of(const Side& side, const std::function<bool(const std::string&)>& takes,
                 const std::function<bool(const Results&, const Row&)>& is_wanted) {
    SideRows rows;
    for (const Results& run : side.runs) {
        for (const Row& row : run.rows) {
            if (!is_wanted(run, row)) {
                continue;
            }
            std::string name = compared_name(row);
            if (!takes(name)) {
                continue;
            }
            Mean& mean = rows.by_name[name];
            if (mean.row == nullptr) {
                mean.row = &row;
                rows.by_subject[subject_of(row)].push_back(name);
                rows.names.push_back(name);
            }
            mean.sum += row.mean;
            ++mean.runs;
        }
    }
    return rows;
}

/// The name of the row on the other side: the same one, or else the first of the same subject.
const std::string* partner_of(const SideRows& others, const std::string& name, const Row& row) {
    if (const auto same = others.by_name.find(name); same != others.by_name.end()) {
        return &same->first;
    }
    const auto alike = others.by_subject.find(subject_of(row));
    return alike == others.by_subject.end() ? nullptr : &alike->second.front();
}

CountAndTime pairs_of(const std::vector<Side>& sides, std::size_t counted, std::size_t timed,
                      const std::function<bool(const std::string&)>& takes) {
    const auto counts = [](const Results&, const Row& row) { return counts_the_clock(row); };
    const SideRows ours = rows_of(sides[counted], takes, counts);
    const SideRows theirs = rows_of(sides[timed], takes, has_cycles);
    const Results& results = sides[timed].first();
    CountAndTime pairs{counted, timed, {}, 0, 0};
    std::unordered_set<std::string> taken;
    for (const std::string& name : theirs.names) {
        const Mean& mean = theirs.by_name.at(name);
        const std::string* const partner = partner_of(ours, name, *mean.row);
        if (partner == nullptr) {
            ++pairs.only_timed;
            continue;
        }
        taken.insert(*partner);
        const std::string& unit = mean.row->unit;
        pairs.rows.push_back({mean.row, name, ours.by_name.at(*partner).value(),
                              in_cycles(results, unit, mean.value()).value_or(0),
                              in_nanoseconds(results, unit, mean.value()),
                              unit == kCounterTicks ? cycles_of_a_tick(results).value_or(0) : 0});
    }
    pairs.only_counted = ours.names.size() - taken.size();
    return pairs;
}

}  // namespace

std::optional<double> CountedAndTimed::cycles_per_instruction() const {
    return instructions > 0 ? std::optional(cycles / instructions) : std::nullopt;
}

double CountedAndTimed::at_least() const {
    return instructions > 0 ? std::max(cycles - rounding, 0.0) / instructions : 0;
}

std::vector<CountAndTime> counts_and_times(const std::vector<Side>& sides,
                                           const std::function<bool(const std::string&)>& takes) {
    const auto counted = std::ranges::find_if(
        sides, [](const Side& side) { return side.first().clock == "instructions"; });
    std::vector<CountAndTime> all;
    for (std::size_t side = 0; counted != sides.end() && side < sides.size(); ++side) {
        if (sides[side].first().clock == "cycles") {
            all.push_back(
                pairs_of(sides, static_cast<std::size_t>(counted - sides.begin()), side, takes));
        }
    }
    return all;
}

std::vector<const CountedAndTimed*> by_growth(const std::vector<CountedAndTimed>& rows) {
    std::vector<const CountedAndTimed*> sorted;
    for (const CountedAndTimed& row : rows) {
        if (row.cycles_per_instruction()) {
            sorted.push_back(&row);
        }
    }
    std::ranges::stable_sort(sorted, std::greater<>(), &CountedAndTimed::at_least);
    return sorted;
}

std::optional<double> median_of(const std::vector<const CountedAndTimed*>& rows) {
    if (rows.empty()) {
        return std::nullopt;
    }
    std::vector<double> values;
    values.reserve(rows.size());
    for (const CountedAndTimed* const row : rows) {
        values.push_back(row->cycles_per_instruction().value_or(0));
    }
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace hm::host
