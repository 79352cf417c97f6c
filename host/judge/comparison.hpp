#pragma once
// Rows of several runs side by side, and which of them differ.

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/results.hpp"

namespace hm::host {

/// One side: a run, or several that were asked for the same.
struct Side {
    std::string name;
    std::vector<Results> runs;  ///< at least one

    [[nodiscard]] const Results& first() const { return runs.front(); }
};

/// What of a row can be compared.
struct RowStatistic {
    std::string_view name;
    std::optional<double> (*of)(const Row& row);
};
inline constexpr std::size_t kStatistics = 7;
[[nodiscard]] const std::array<RowStatistic, kStatistics>& row_statistics();

/// Indexed like row_statistics(). Of several runs the means.
using RowValues = std::array<std::optional<double>, kStatistics>;

/// How differences from the first side are told from noise.
enum class Method {
    kNone,    ///< another board, machine or clock: nothing is subtracted
    kExact,   ///< the clock counts instructions: whatever is not equal differs
    kEvents,  ///< Mann and Whitney's U, over the events of one run on each side
    kRuns,    ///< Welch's t, over the means of several runs
};

enum class Outcome {
    kEqual,  ///< or no more apart than noise
    kDiffers,
    kUntested,  ///< too few events
    kMissing,   ///< on one of the two sides
};

/// A row of one side beside the same row of the first.
struct Change {
    Outcome outcome = Outcome::kEqual;
    std::optional<double> chance;  ///< of a difference like this by noise, corrected
};

struct ComparedRow {
    std::string name;
    std::string unit;
    const Row* row;                                ///< one of them, of a side that has it
    std::vector<std::optional<RowValues>> values;  ///< of each side
    std::vector<Change> changes;                   ///< of each side; the first is equal to itself
};

struct Comparison {
    std::vector<Method> methods;          ///< of each side
    std::vector<std::string> conditions;  ///< how each side's differ from the first's, or empty
    std::vector<ComparedRow> rows;

    [[nodiscard]] std::size_t count(std::size_t side, Outcome outcome) const;
};

/// How the clocks of two runs differ, as "clock "cycles" and "instructions""; empty if they tick
/// alike.
[[nodiscard]] std::string clock_differences(const Results& one, const Results& other);

/// The same of what is only worth a word: suite, version, compiler and emulator.
[[nodiscard]] std::string noted_differences(const Results& one, const Results& other);

/// Below, a difference is not noise.
inline constexpr double kLevel = 0.05;

/// Compares each side with the first, row by row, as far as `takes` takes a row's name.
[[nodiscard]] Comparison compare(const std::vector<Side>& sides,
                                 const std::function<bool(const std::string&)>& takes);

}  // namespace hm::host
