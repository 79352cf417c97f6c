#pragma once
// What a comparison must not show, as --fail-on states it: "p99>2%", "mean<-5", "any>0".

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/judge/comparison.hpp"

namespace hm::host {

struct Rule {
    std::string text;                      ///< as it was given
    std::optional<std::size_t> statistic;  ///< of row_statistics(); nothing for any of them
    bool shrinks = false;                  ///< "<": forbids what is less, not what is more
    double amount = 0;                     ///< of the change
    bool percent = false;                  ///< of the first side's value
};

/// Nothing if `text` is no rule.
[[nodiscard]] std::optional<Rule> parse_rule(std::string_view text);

/// What a rule can be, in one line.
[[nodiscard]] std::string rule_forms();

/// What broke a rule.
struct Breach {
    std::string row;
    std::string what;  ///< "p99 89 -> 94"
};

struct RuleCheck {
    std::size_t rows = 0;  ///< to which the rule applied
    std::vector<Breach> breaches;
};

/// The rows of `side` beside those of the first. Noise breaks no rule.
[[nodiscard]] RuleCheck check_rule(const Rule& rule, const Comparison& comparison,
                                   std::size_t side);

}  // namespace hm::host
