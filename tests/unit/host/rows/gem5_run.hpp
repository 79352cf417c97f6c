#pragma once
// A run that counted instructions, as gem5 would have timed it.

#include <cmath>
#include <string>

#include "host/log/results.hpp"
#include "host/rows/rows.hpp"

namespace hm::host::testing {

inline constexpr std::uint64_t kGem5Hz = 1'700'000'000;
inline constexpr std::uint64_t kGem5CounterHz = 25'000'000;  ///< 68 cycles a tick

inline bool read_from_counter(const Row& row) {
    return row.workload == "timer" &&
           (row.layer.starts_with("deadline..") || row.layer == "hyp-vector..scheduled" ||
            row.layer == "hyp-vector..guest-vector");
}

/// Each instruction takes `cycles` cycles; delays from a deadline are ticks of the counter.
inline Results as_gem5(Results results, double cycles = 3) {
    results.board = "vexpress";
    results.machine = "gem5 VExpress_GEM5_V1";
    results.clock = "cycles";
    results.ticks_hz = kGem5Hz;
    results.models_caches = true;
    results.models_tlb = true;
    results.parameters.set("counter_hz", kGem5CounterHz);
    results.host =
        R"({"gem5":{"path":"/gem5/build/ARM/gem5.opt","version":"24.0.0.1","configuration":)"
        R"("ex5_big 1.7 GHz, 32 KB L1, 1 MB L2","parameters":{"l2_tlb":512,"prefetcher":"none"}}})";
    for (Row& row : results.rows) {
        const bool per_load = row.unit == "instructions/load";
        if ((row.unit != "instructions" && !per_load) || counts_monitor(row) ||
            row.layer == kGuestLayer) {
            continue;
        }
        const bool counter = read_from_counter(row);
        row.unit = per_load ? "cycles/load" : counter ? "counter ticks" : "cycles";
        const double scale =
            counter ? cycles * static_cast<double>(kGem5CounterHz) / static_cast<double>(kGem5Hz)
                    : cycles;
        for (double* const value : {&row.min, &row.mean, &row.max}) {
            *value *= scale;
        }
        for (auto* const value : {&row.p50, &row.p95, &row.p99, &row.p999}) {
            *value = *value ? std::optional(**value * scale) : std::nullopt;
        }
        for (auto& bucket : row.histogram) {
            bucket.first *= scale;
        }
    }
    for (Worst& worst : results.worst) {
        worst.unit = "counter ticks";
    }
    return results;
}

}  // namespace hm::host::testing
