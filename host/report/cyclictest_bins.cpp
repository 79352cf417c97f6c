#include "host/report/cyclictest_bins.hpp"

#include <cmath>

#include "host/rows/timer_cases.hpp"
#include "host/rows/times.hpp"

namespace hm::host {

CyclictestData cyclictest_data(const GroupedResults& run) {
    CyclictestData data;
    for (const TimerCase& one : run.rows.timer()) {
        if (one.plain == nullptr) {
            continue;
        }
        const Row& row = *one.plain;
        const bool is_time = in_nanoseconds(run.results, row.unit, row.mean).has_value();
        data.unit = is_time ? "ns" : row.unit;
        const auto scaled = [&](double value) {
            return in_nanoseconds(run.results, row.unit, value).value_or(value);
        };
        CyclictestThread thread{one.name(),
                                one.param("period_us"),
                                row.count,
                                std::llround(scaled(row.min)),
                                std::llround(scaled(row.max)),
                                scaled(row.mean),
                                {}};
        for (const auto& [low, count] : row.histogram) {
            thread.bins[std::llround(scaled(low))] += count;
        }
        data.threads.push_back(std::move(thread));
    }
    return data;
}

}  // namespace hm::host
