#pragma once
// A run that counts instructions beside one whose clock counts cycles: the rows of the same thing
// in pairs. Nothing is subtracted, since the two machines differ in more than their clocks.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/judge/comparison.hpp"

namespace hm::host {

/// The same thing counted and timed: means.
struct CountedAndTimed {
    const Row* row = nullptr;  ///< of the side with cycles
    std::string name;          ///< of that row, as in Comparison
    double instructions = 0;
    double cycles = 0;
    std::optional<double> nanoseconds;
    /// How far the cycles may be off: a delay that the counter measures is right to +/- 1 tick.
    double rounding = 0;

    /// Nothing where no instruction was counted.
    [[nodiscard]] std::optional<double> cycles_per_instruction() const;
    /// What is left of it if the cycles are that far off.
    [[nodiscard]] double at_least() const;
};

struct CountAndTime {
    std::size_t counted = 0;  ///< which sides
    std::size_t timed = 0;
    std::vector<CountedAndTimed> rows;  ///< in the order of the side with cycles
    std::size_t only_counted = 0;       ///< rows that count the clock, without a partner
    std::size_t only_timed = 0;
};

/// The first side that counts instructions beside each whose clock counts cycles, as far as `takes`
/// takes the rows' names; empty if there are not both. Two rows are of the same thing if they
/// differ in nothing but how often it was done.
[[nodiscard]] std::vector<CountAndTime> counts_and_times(
    const std::vector<Side>& sides, const std::function<bool(const std::string&)>& takes);

/// The rows that have cycles per instruction, the one that takes most for certain first.
[[nodiscard]] std::vector<const CountedAndTimed*> by_growth(
    const std::vector<CountedAndTimed>& rows);

/// The middle of the cycles per instruction of these rows.
[[nodiscard]] std::optional<double> median_of(const std::vector<const CountedAndTimed*>& rows);

}  // namespace hm::host
