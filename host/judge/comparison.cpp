#include "host/judge/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "host/base/text.hpp"
#include "host/judge/significance.hpp"
#include "host/log/json.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

constexpr std::array<RowStatistic, kStatistics> kRowStatistics{
    {{"mean", [](const Row& row) { return std::optional(row.mean); }},
     {"min", [](const Row& row) { return std::optional(row.min); }},
     {"p50", [](const Row& row) { return row.p50; }},
     {"p95", [](const Row& row) { return row.p95; }},
     {"p99", [](const Row& row) { return row.p99; }},
     {"p99.9", [](const Row& row) { return row.p999; }},
     {"max", [](const Row& row) { return std::optional(row.max); }}}};

/// The same row in the runs of one side.
using Sample = std::vector<const Row*>;

/// A row on all sides, in the order in which rows first came.
struct Gathered {
    std::string name;
    std::vector<Sample> samples;
};

struct Trait {
    std::string_view name;
    std::string (*value)(const Results& results);
};
/// Where one of these or a clock differs nothing is subtracted.
constexpr std::array<Trait, 2> kNeeded{
    {{"board", [](const Results& results) { return results.board; }},
     {"machine", [](const Results& results) { return results.machine; }}}};
/// A guest alone has its clock where it can, so that `clock` does not say all of it.
constexpr std::array<Trait, 3> kClock{
    {{"clock", [](const Results& results) { return results.clock; }},
     {"clock_register",
      [](const Results& results) { return results.parameters.text("clock_register"); }},
     {"counter_hz", [](const Results& results) {
          return results.alone() ? results.parameters.text("counter_hz") : std::string();
      }}}};
/// These are worth a word.
constexpr std::array<Trait, 7> kNoted{
    {{"suite", [](const Results& results) { return results.parameters.text("suite"); }},
     {"version", [](const Results& results) { return results.version; }},
     {"compiler", [](const Results& results) { return results.compiler; }},
     {"stamps",
      [](const Results& results) {
          return std::string(results.stamps_without_isb() ? "without ISB" : "with ISB");
      }},
     {"emulator", [](const Results& results) { return host_text(results, "/qemu/version"); }},
     {"gem5", [](const Results& results) { return host_text(results, "/gem5/version"); }},
     {"configuration",
      [](const Results& results) { return host_text(results, "/gem5/configuration"); }}}};

template <class Traits>
std::string differences(const Traits& traits, const Results& one, const Results& other) {
    std::string text;
    for (const Trait& trait : traits) {
        const std::string mine = trait.value(one);
        const std::string theirs = trait.value(other);
        if (mine != theirs) {
            text += fmt::format("{}{} \"{}\" and \"{}\"", text.empty() ? "" : ", ", trait.name,
                                mine, theirs);
        }
    }
    return text;
}

/// gem5's parameters by name, as the run's record has them.
std::map<std::string, std::string> gem5_parameters(const Results& results) {
    const std::optional<Json> host = parse_json(results.host);
    const Json::json_pointer at("/gem5/parameters");
    std::map<std::string, std::string> all;
    if (host && host->contains(at) && host->at(at).is_object()) {
        for (const auto& [name, value] : host->at(at).items()) {
            all[printable(name)] =
                printable(value.is_string() ? value.get<std::string>() : dump(value));
        }
    }
    return all;
}

/// The parameters of gem5 in which two runs differ, one by one: there are many.
std::string gem5_differences(const Results& one, const Results& other) {
    const auto mine = gem5_parameters(one);
    auto theirs = gem5_parameters(other);
    std::string text;
    const auto add = [&text](const std::string& name, const std::string& a, const std::string& b) {
        if (a != b) {
            text +=
                fmt::format("{}gem5's {} \"{}\" and \"{}\"", text.empty() ? "" : ", ", name, a, b);
        }
    };
    for (const auto& [name, value] : mine) {
        add(name, value, theirs[name]);
        theirs.erase(name);
    }
    for (const auto& [name, value] : theirs) {
        add(name, "", value);
    }
    return text;
}

/// What forbids to subtract one from the other.
std::string needed_differences(const Results& one, const Results& other) {
    const std::string machines = differences(kNeeded, one, other);
    const std::string clocks = clock_differences(one, other);
    return machines + (machines.empty() || clocks.empty() ? "" : ", ") + clocks;
}

Method method_of(const Side& one, const Side& other) {
    if (!needed_differences(one.first(), other.first()).empty()) {
        return Method::kNone;
    }
    if (one.first().clock == "instructions") {
        return Method::kExact;
    }
    return std::min(one.runs.size(), other.runs.size()) >= kFewestRuns ? Method::kRuns
                                                                       : Method::kEvents;
}

std::vector<Gathered> gather(const std::vector<Side>& sides,
                             const std::function<bool(const std::string&)>& takes) {
    std::vector<Gathered> all;
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t side = 0; side < sides.size(); ++side) {
        for (const Results& run : sides[side].runs) {
            for (const Row& row : run.rows) {
                std::string name = fmt::format("{} {} {}", label_of(row), row.setting(), row.layer);
                if (!takes(name)) {
                    continue;
                }
                const auto [place, is_new] = known.try_emplace(name, all.size());
                if (is_new) {
                    all.push_back({std::move(name), std::vector<Sample>(sides.size())});
                }
                all[place->second].samples[side].push_back(&row);
            }
        }
    }
    return all;
}

std::optional<RowValues> values_of(const Sample& sample) {
    if (sample.empty()) {
        return std::nullopt;
    }
    RowValues values;
    for (std::size_t i = 0; i < kStatistics; ++i) {
        double sum = 0;
        std::size_t count = 0;
        for (const Row* const row : sample) {
            if (const auto value = kRowStatistics[i].of(*row)) {
                sum += *value;
                ++count;
            }
        }
        if (count > 0) {
            values[i] = sum / static_cast<double>(count);
        }
    }
    return values;
}

bool all_equal(const Sample& one, const Sample& other) {
    const auto same = [&one](const Row* row) { return *row == *one.front(); };
    return std::all_of(one.begin(), one.end(), same) &&
           std::all_of(other.begin(), other.end(), same);
}

EventCounts events_of(const Sample& sample) {
    EventCounts events;
    for (const Row* const row : sample) {
        events.insert(events.end(), row->histogram.begin(), row->histogram.end());
    }
    return events;
}

std::vector<double> means_of(const Sample& sample) {
    std::vector<double> means;
    std::transform(sample.begin(), sample.end(), std::back_inserter(means),
                   [](const Row* row) { return row->mean; });
    return means;
}

/// How the same row on two sides is to be judged; a chance that is not yet corrected.
Change change_of(const Sample& one, const Sample& other, Method method) {
    if (one.empty() || other.empty()) {
        return {one.empty() == other.empty() ? Outcome::kEqual : Outcome::kMissing, {}};
    }
    if (method == Method::kNone || all_equal(one, other)) {
        return {};
    }
    if (method == Method::kExact) {
        return {Outcome::kDiffers, {}};
    }
    const auto chance = method == Method::kRuns ? welch(means_of(one), means_of(other))
                                                : mann_whitney(events_of(one), events_of(other));
    return chance ? Change{Outcome::kEqual, chance} : Change{Outcome::kUntested, {}};
}

/// Corrects the chances of one side for how many they are, and decides.
void decide(std::vector<ComparedRow>& rows, std::size_t side) {
    std::vector<double> chances;
    for (const ComparedRow& row : rows) {
        if (const auto& chance = row.changes[side].chance) {
            chances.push_back(*chance);
        }
    }
    const std::vector<double> corrected = holm(chances);
    std::size_t next = 0;
    for (ComparedRow& row : rows) {
        Change& change = row.changes[side];
        if (change.chance) {
            change.chance = corrected[next++];
            change.outcome = *change.chance < kLevel ? Outcome::kDiffers : Outcome::kEqual;
        }
    }
}

}  // namespace

const std::array<RowStatistic, kStatistics>& row_statistics() { return kRowStatistics; }

std::string clock_differences(const Results& one, const Results& other) {
    return differences(kClock, one, other);
}

std::string noted_differences(const Results& one, const Results& other) {
    const std::string noted = differences(kNoted, one, other);
    const std::string gem5 = gem5_differences(one, other);
    return noted + (noted.empty() || gem5.empty() ? "" : ", ") + gem5;
}

std::size_t Comparison::count(std::size_t side, Outcome outcome) const {
    return static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(),
        [&](const ComparedRow& row) { return row.changes[side].outcome == outcome; }));
}

Comparison compare(const std::vector<Side>& sides,
                   const std::function<bool(const std::string&)>& takes) {
    Comparison comparison;
    for (const Side& side : sides) {
        const Results& first = sides.front().first();
        const std::string needed = needed_differences(first, side.first());
        comparison.methods.push_back(method_of(sides.front(), side));
        comparison.conditions.push_back(needed.empty() ? noted_differences(first, side.first())
                                                       : needed);
    }
    for (Gathered& gathered : gather(sides, takes)) {
        ComparedRow row{std::move(gathered.name), "", nullptr, {}, {}};
        for (std::size_t side = 0; side < sides.size(); ++side) {
            const Sample& sample = gathered.samples[side];
            if (row.row == nullptr && !sample.empty()) {
                row.row = sample.front();
                row.unit = row.row->unit;
            }
            row.values.push_back(values_of(sample));
            row.changes.push_back(
                side == 0 ? Change{}
                          : change_of(gathered.samples.front(), sample, comparison.methods[side]));
        }
        comparison.rows.push_back(std::move(row));
    }
    for (std::size_t side = 1; side < sides.size(); ++side) {
        decide(comparison.rows, side);
    }
    return comparison;
}

}  // namespace hm::host
