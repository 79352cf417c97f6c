#pragma once
// The rows of one scenario together: a table has a line or a column for each.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/results.hpp"

namespace hm::host {

struct ScenarioRows {
    std::vector<const Row*> rows;  ///< at least one

    [[nodiscard]] const Row& first() const { return *rows.front(); }
    /// The row of `layer`, or null.
    [[nodiscard]] const Row* find(std::string_view layer) const;
    [[nodiscard]] std::optional<double> mean(std::string_view layer) const;
    [[nodiscard]] std::string param(std::string_view key) const { return first().param(key); }
    /// The parameter `key` as a number, 0 if there is none.
    [[nodiscard]] std::uint64_t number(std::string_view key) const;
};

using Scenarios = std::vector<ScenarioRows>;

/// The mean of `layer`; nothing if there is no scenario, or no such row in it.
[[nodiscard]] std::optional<double> mean_of(const ScenarioRows* scenario, std::string_view layer);

/// Ticks of the run's clock in nanoseconds, if the clock counts cycles of a known frequency.
[[nodiscard]] std::optional<double> in_nanoseconds(const Results& results,
                                                   std::optional<double> ticks);

}  // namespace hm::host
