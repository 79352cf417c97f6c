#include "host/rows/runs.hpp"

#include <algorithm>

namespace hm::host {

const Row* Run::find(std::string_view layer) const {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [layer](const Row* row) { return row->layer == layer; });
    return found == rows.end() ? nullptr : *found;
}

std::optional<double> Run::mean(std::string_view layer) const {
    const Row* row = find(layer);
    return row == nullptr ? std::nullopt : std::optional(row->mean);
}

std::uint64_t Run::number(const char* key) const {
    const auto found = first().params.find(key);
    return found != first().params.end() && found->is_number_unsigned()
               ? found->get<std::uint64_t>()
               : 0;
}

Runs runs_of(const std::vector<Row>& rows, std::string_view workload) {
    Runs runs;
    for (const Row& row : rows) {
        if (row.workload != workload) {
            continue;
        }
        // Rows of a scenario follow one another, so the last run is nearly always the one.
        const auto run = std::find_if(runs.rbegin(), runs.rend(), [&row](const Run& known) {
            return known.first().setting() == row.setting() && known.first().params == row.params;
        });
        if (run == runs.rend()) {
            runs.push_back({{&row}});
        } else {
            run->rows.push_back(&row);
        }
    }
    return runs;
}

std::optional<double> mean_of(const Run* run, std::string_view layer) {
    return run == nullptr ? std::nullopt : run->mean(layer);
}

std::optional<double> in_nanoseconds(const Results& results, std::optional<double> ticks) {
    constexpr double kNanosecondsPerSecond = 1e9;
    if (!ticks || !results.ticks_hz || *results.ticks_hz == 0 || results.clock != "cycles") {
        return std::nullopt;
    }
    return *ticks * kNanosecondsPerSecond / static_cast<double>(*results.ticks_hz);
}

}  // namespace hm::host
