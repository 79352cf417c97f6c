#include "host/rows/scenario_rows.hpp"

#include <algorithm>

namespace hm::host {

const Row* ScenarioRows::find(std::string_view layer) const {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [layer](const Row* row) { return row->layer == layer; });
    return found == rows.end() ? nullptr : *found;
}

std::optional<double> ScenarioRows::mean(std::string_view layer) const {
    const Row* row = find(layer);
    return row == nullptr ? std::nullopt : std::optional(row->mean);
}

std::uint64_t ScenarioRows::number(std::string_view key) const {
    return first().params.whole(key).value_or(0);
}

std::optional<double> mean_of(const ScenarioRows* scenario, std::string_view layer) {
    return scenario == nullptr ? std::nullopt : scenario->mean(layer);
}

std::optional<double> in_nanoseconds(const Results& results, std::optional<double> ticks) {
    constexpr double kNanosecondsPerSecond = 1e9;
    if (!ticks || !results.ticks_hz || *results.ticks_hz == 0 || results.clock != "cycles") {
        return std::nullopt;
    }
    return *ticks * kNanosecondsPerSecond / static_cast<double>(*results.ticks_hz);
}

}  // namespace hm::host
