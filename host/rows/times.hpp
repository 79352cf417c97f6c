#pragma once
// What a value of a row is in nanoseconds and in cycles. Where the clock counts cycles, delays from
// a deadline are ticks of the slower counter, so that the row's own unit decides.

#include <optional>
#include <string>
#include <string_view>

#include "host/log/results.hpp"

namespace hm::host {

inline constexpr std::string_view kCycles = "cycles";
inline constexpr std::string_view kCyclesPerLoad = "cycles/load";
inline constexpr std::string_view kCounterTicks = "counter ticks";

/// `value`, which counts `unit`, in nanoseconds; nothing if the unit is no time of a machine whose
/// frequency is known.
[[nodiscard]] std::optional<double> in_nanoseconds(const Results& results, std::string_view unit,
                                                   std::optional<double> value);

/// Nanoseconds for a table: to a tenth below a hundred, whole above, "-" for nothing.
[[nodiscard]] std::string nanoseconds_text(std::optional<double> nanoseconds);

/// The same as in_nanoseconds() in cycles of the core.
[[nodiscard]] std::optional<double> in_cycles(const Results& results, std::string_view unit,
                                              std::optional<double> value);

/// The cycles of the core in one tick of the counter, if both frequencies are known.
[[nodiscard]] std::optional<double> cycles_of_a_tick(const Results& results);

/// The unit of a layer of a worst event, as its row has it; that of the event if there is no such
/// row.
[[nodiscard]] std::string_view unit_of_layer(const Results& results, const Worst& worst,
                                             std::string_view layer);

}  // namespace hm::host
