#include "host/judge/rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdlib>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

constexpr std::string_view kAnyName = "any";

/// By how much a value changed, in the rule's terms.
double change_in(const Rule& rule, double before, double after) {
    constexpr double kPercent = 100;
    const double change = after - before;
    if (!rule.percent || change == 0) {
        return change;
    }
    return before == 0 ? std::copysign(HUGE_VAL, change) : kPercent * change / std::abs(before);
}

bool breaks(const Rule& rule, double before, double after) {
    const double change = change_in(rule, before, after);
    if (!rule.statistic) {
        return std::abs(change) > rule.amount;
    }
    return rule.shrinks ? change < rule.amount : change > rule.amount;
}

/// The first statistic of the row that breaks the rule, in words; empty if none does.
std::string breach_of(const Rule& rule, const RowValues& before, const RowValues& after,
                      std::size_t& compared) {
    const auto& statistics = row_statistics();
    for (std::size_t i = 0; i < kStatistics; ++i) {
        if ((rule.statistic && *rule.statistic != i) || !before[i] || !after[i]) {
            continue;
        }
        ++compared;
        if (breaks(rule, *before[i], *after[i])) {
            return fmt::format("{} {} -> {}", statistics[i].name, number_text(*before[i]),
                               number_text(*after[i]));
        }
    }
    return {};
}

}  // namespace

std::optional<Rule> parse_rule(std::string_view text) {
    Rule rule;
    rule.text = text;
    const std::size_t sign = text.find_first_of("<>");
    if (sign == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view name = text.substr(0, sign);
    const auto& statistics = row_statistics();
    for (std::size_t i = 0; i < kStatistics; ++i) {
        if (statistics[i].name == name) {
            rule.statistic = i;
        }
    }
    rule.shrinks = text[sign] == '<';
    std::string number(text.substr(sign + 1));
    rule.percent = number.ends_with('%');
    if (rule.percent) {
        number.pop_back();
    }
    // Only figures: strtod() takes words too.
    if (number.empty() || number.find_first_not_of("0123456789.-") != std::string::npos ||
        (!rule.statistic && (name != kAnyName || rule.shrinks))) {
        return std::nullopt;
    }
    char* end = nullptr;
    rule.amount = std::strtod(number.c_str(), &end);
    const bool wrong_way = rule.shrinks ? rule.amount > 0 : rule.amount < 0;
    return *end != '\0' || wrong_way ? std::nullopt : std::optional(rule);
}

std::string rule_forms() {
    std::string names;
    for (const RowStatistic& statistic : row_statistics()) {
        names += fmt::format("{}, ", statistic.name);
    }
    return fmt::format(
        "STATISTIC>CHANGE or STATISTIC<-CHANGE, as \"p99>2%\", \"mean<-10\", \"any>0\"; "
        "statistics: {}any",
        names);
}

RuleCheck check_rule(const Rule& rule, const Comparison& comparison, std::size_t side) {
    RuleCheck check;
    for (const ComparedRow& row : comparison.rows) {
        const Change& change = row.changes[side];
        if (change.outcome == Outcome::kMissing) {
            if (!rule.statistic) {
                ++check.rows;
                check.breaches.push_back(
                    {row.name, row.values[side] ? "not there before" : "no longer there"});
            }
            continue;
        }
        if (change.outcome == Outcome::kUntested || !row.values.front() || !row.values[side]) {
            continue;
        }
        std::size_t compared = 0;
        std::string breach = breach_of(rule, *row.values.front(), *row.values[side], compared);
        check.rows += compared > 0 ? 1 : 0;
        if (change.outcome == Outcome::kDiffers) {
            if (breach.empty() && !rule.statistic && rule.amount == 0) {
                breach = "another distribution";
            }
            if (!breach.empty()) {
                check.breaches.push_back({row.name, breach});
            }
        }
    }
    return check;
}

}  // namespace hm::host
