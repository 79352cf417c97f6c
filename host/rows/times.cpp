#include "host/rows/times.hpp"

#include <algorithm>
#include <cmath>

#include "host/base/text.hpp"
#include "host/rows/scenario_rows.hpp"

namespace hm::host {

std::optional<double> cycles_of_a_tick(const Results& results) {
    const auto counter_hz = results.parameters.number("counter_hz");
    return results.clock == "cycles" && results.ticks_hz.value_or(0) != 0 && counter_hz &&
                   *counter_hz > 0
               ? std::optional(static_cast<double>(*results.ticks_hz) / *counter_hz)
               : std::nullopt;
}

std::optional<double> in_cycles(const Results& results, std::string_view unit,
                                std::optional<double> value) {
    if (!value || results.clock != "cycles") {
        return std::nullopt;
    }
    if (unit == kCycles || unit == kCyclesPerLoad) {
        return value;
    }
    const auto tick = unit == kCounterTicks ? cycles_of_a_tick(results) : std::nullopt;
    return tick ? std::optional(*value * *tick) : std::nullopt;
}

std::optional<double> in_nanoseconds(const Results& results, std::string_view unit,
                                     std::optional<double> value) {
    return in_nanoseconds(results, in_cycles(results, unit, value));
}

std::string nanoseconds_text(std::optional<double> nanoseconds) {
    constexpr double kWholeFrom = 100;
    constexpr double kTenths = 10;
    if (!nanoseconds) {
        return "-";
    }
    return number_text(std::abs(*nanoseconds) >= kWholeFrom
                           ? std::round(*nanoseconds)
                           : std::round(*nanoseconds * kTenths) / kTenths);
}

std::string_view unit_of_layer(const Results& results, const Worst& worst, std::string_view layer) {
    const auto row =
        std::find_if(results.rows.begin(), results.rows.end(), [&worst, layer](const Row& one) {
            return one.layer == layer && one.workload == worst.workload &&
                   one.regime == worst.regime && one.delivery == worst.delivery &&
                   one.params == worst.params;
        });
    return row == results.rows.end() ? worst.unit : row->unit;
}

}  // namespace hm::host
