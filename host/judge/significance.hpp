#pragma once
// Whether a difference that was measured with noise is more than chance. Each function gives the
// probability of a difference at least as large if there is none in truth.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace hm::host {

/// A histogram: values and how often each came.
using EventCounts = std::vector<std::pair<double, std::uint64_t>>;

/// With fewer events on one side the normal distribution is no good stand-in for that of U.
inline constexpr std::uint64_t kFewestEvents = 8;
/// The fewest runs on each side whose scatter says anything.
inline constexpr std::size_t kFewestRuns = 3;

/// Mann and Whitney's U of the events of two runs, by the normal distribution, corrected for ties;
/// nothing if one side has too few events.
[[nodiscard]] std::optional<double> mann_whitney(const EventCounts& one, const EventCounts& other);

/// Welch's t of one value per run. The degrees of freedom are those of the smaller side, which are
/// never too many; nothing if one side has too few runs.
[[nodiscard]] std::optional<double> welch(const std::vector<double>& one,
                                          const std::vector<double>& other);

/// Both ends of Student's distribution beyond `t`.
[[nodiscard]] double student_tails(double t, std::size_t degrees);

/// Holm's correction: among many tests some come out low by chance. In the order of `chances`.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& chances);

}  // namespace hm::host
