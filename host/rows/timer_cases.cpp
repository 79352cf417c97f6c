#include "host/rows/timer_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "host/rows/params_hash.hpp"
#include "host/rows/rows.hpp"
#include "measure/setting.hpp"

namespace hm::host {
namespace {

/// The parameter in which the rows of one case differ.
constexpr std::string_view kStamps = "stamps";

/// Puts a row of `run` into its place.
void take(TimerCase& one, const Row& row) {
    const bool stamped = row.param("stamps") == "1";
    if (row.layer == kEndToEnd) {
        (stamped ? one.stamped : one.plain) = &row;
    } else if (one.shares_core() && row.layer == kSwitchedIn) {
        one.switched_in = &row;
    } else if (row.layer.find("..") != std::string::npos) {
        one.layers.push_back(&row);
    } else if (row.layer == "missed-periods") {
        one.missed += row.mean * static_cast<double>(row.count);
    } else if (row.layer == "unattributed") {
        one.unattributed = &row;
    } else if (row.layer == "other-work" && (one.other_work == nullptr || !stamped)) {
        one.other_work = &row;
    }
}

bool same_conditions(const Row& a, const Row& b) {
    const auto skip = [](auto at, auto end) {
        return at != end && at->first == kStamps ? std::next(at) : at;
    };
    auto in_a = skip(a.params.begin(), a.params.end());
    auto in_b = skip(b.params.begin(), b.params.end());
    while (in_a != a.params.end() && in_b != b.params.end()) {
        // Names are mostly the same, and values differ.
        if (in_a->second != in_b->second || in_a->first != in_b->first) {
            return false;
        }
        in_a = skip(std::next(in_a), a.params.end());
        in_b = skip(std::next(in_b), b.params.end());
    }
    return in_a == a.params.end() && in_b == b.params.end();
}

bool is_of(const TimerCase& one, const Row& row) {
    return same_setting(*one.first, row) && same_conditions(*one.first, row);
}

/// The place of the case of a row among all, whose conditions have this hash.
std::size_t place_of(const TimerCases& cases, const Row& row, std::size_t hash) {
    return static_cast<std::size_t>(std::find_if(cases.begin(), cases.end(),
                                                 [&](const TimerCase& one) {
                                                     return one.conditions == hash &&
                                                            is_of(one, row);
                                                 }) -
                                    cases.begin());
}

}  // namespace

bool TimerCase::shares_core() const {
    const auto* const name =
        std::find(measure::kDeliveryNames.begin(), measure::kDeliveryNames.end(),
                  std::string_view(first->delivery));
    return name != measure::kDeliveryNames.end() &&
           measure::shares_core(
               static_cast<measure::Delivery>(name - measure::kDeliveryNames.begin()));
}

double TimerCase::slice_us() const { return std::strtod(param("slice_us").c_str(), nullptr); }

std::string TimerCase::delivery() const {
    return delivery_text(first->delivery, param("slice_us"));
}

std::string TimerCase::name() const {
    return fmt::format("{} {} {}", param("wait"), param("load"), delivery());
}

bool same_conditions(const TimerCase& a, const TimerCase& b) {
    return a.conditions == b.conditions && same_conditions(*a.first, *b.first);
}

Params conditions_of(const Params& params) {
    Params conditions = params;
    conditions.erase(kStamps);
    return conditions;
}

namespace {

/// "counter ticks, cycles": what the cases' delays and layers count.
std::string units_of(const TimerCases& cases) {
    std::vector<std::string_view> units;
    const auto take = [&units](const Row* row) {
        if (row != nullptr && std::ranges::find(units, row->unit) == units.end()) {
            units.push_back(row->unit);
        }
    };
    for (const TimerCase& one : cases) {
        take(one.stamped);
        take(one.plain);
        std::ranges::for_each(one.layers, take);
    }
    return units.empty() ? cases.front().first->unit : fmt::format("{}", fmt::join(units, ", "));
}

}  // namespace

std::string conditions_text(const TimerCases& cases) {
    const Params conditions = conditions_of(cases.front().first->params);
    std::string text;
    for (const auto& [key, value] : conditions) {
        const std::string said = text_of(value);
        if (std::all_of(cases.begin(), cases.end(), [&, name = key](const TimerCase& one) {
                return one.param(name) == said;
            })) {
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", key, said);
        }
    }
    return fmt::format("{}, in {}", text, units_of(cases));
}

TimerCases timer_cases(const std::vector<Row>& rows) {
    TimerCases cases;
    for (const Row& row : rows) {
        if (row.workload != "timer") {
            continue;
        }
        // Rows of a case follow one another, so the last one is nearly always right.
        if (!cases.empty() && is_of(cases.back(), row)) {
            take(cases.back(), row);
            continue;
        }
        const std::size_t hash = hash_of(row.params, kStamps);
        const std::size_t place = place_of(cases, row, hash);
        if (place == cases.size()) {
            cases.push_back({});
            cases.back().first = &row;
            cases.back().conditions = hash;
        }
        take(cases[place], row);
    }
    return cases;
}

std::string delivery_text(const std::string& delivery, const std::string& slice_us) {
    constexpr double kMicrosecondsPerMillisecond = 1000;
    return slice_us.empty() ? delivery
                            : fmt::format("{} {} ms", delivery,
                                          number_text(std::strtod(slice_us.c_str(), nullptr) /
                                                      kMicrosecondsPerMillisecond));
}

const TimerCase* native_of(const TimerCases& cases, const TimerCase& one) {
    const auto find = [&cases](auto fits) -> const TimerCase* {
        const auto found = std::find_if(cases.begin(), cases.end(), fits);
        return found == cases.end() ? nullptr : &*found;
    };
    const auto idle = [](const TimerCase& other, const std::string& wait) {
        return other.native() && other.param("load") == "idle" && other.param("wait") == wait;
    };
    // Hardly any case has the same conditions: that is looked at first.
    if (const TimerCase* same = find([&](const TimerCase& other) {
            return same_conditions(other, one) && other.native();
        })) {
        return same;
    }
    if (const TimerCase* alike =
            find([&](const TimerCase& other) { return idle(other, one.param("wait")); })) {
        return alike;
    }
    return find([&](const TimerCase& other) { return idle(other, "wfi"); });
}

}  // namespace hm::host
