#pragma once
// The rows of one scenario together: a table has a line or a column for each.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/results.hpp"

namespace hm::host {

struct Run {
    std::vector<const Row*> rows;  ///< at least one

    [[nodiscard]] const Row& first() const { return *rows.front(); }
    /// The row of `layer`, or null.
    [[nodiscard]] const Row* find(std::string_view layer) const;
    [[nodiscard]] std::optional<double> mean(std::string_view layer) const;
    [[nodiscard]] std::string param(const char* key) const { return first().param(key); }
    /// The parameter `key` as a number, 0 where there is none.
    [[nodiscard]] std::uint64_t number(const char* key) const;
};

using Runs = std::vector<Run>;

/// All scenarios of `workload`, in the order in which they first came. They point into `rows`.
[[nodiscard]] Runs runs_of(const std::vector<Row>& rows, std::string_view workload);

/// The mean of `layer`; nothing where there is no run, or no such row in it.
[[nodiscard]] std::optional<double> mean_of(const Run* run, std::string_view layer);

/// Ticks of the run's clock in nanoseconds, where the clock counts cycles of a known frequency.
[[nodiscard]] std::optional<double> in_nanoseconds(const Results& results,
                                                   std::optional<double> ticks);

}  // namespace hm::host
