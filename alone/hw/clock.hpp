#pragma once
// Which clock a guest that runs by itself has, and what its ticks mean.

#include <cstdint>

#include "alone/core/request.hpp"
#include "measure/record.hpp"
#include "measure/workload/wake_up_layers.hpp"

namespace hm::alone {

struct ClockFound {
    bool is_pmu = false;  ///< PMCCNTR; else CNTVCT
    measure::Clock meaning = measure::Clock::kCounter;
    std::uint64_t counter_hz = 0;
    std::uint64_t ticks_hz = 0;  ///< of PMCCNTR, as measured; else 0
    measure::ClockRatio ratio{};
};

/// Starts the performance monitor if it is asked for and counts, and measures the clock. Without
/// being asked it is not touched: a hypervisor may trap it.
[[nodiscard]] ClockFound start_clock(ClockChoice choice);

}  // namespace hm::alone
