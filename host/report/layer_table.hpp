#pragma once
// The layers of several cases of the timer side by side.

#include <cstddef>
#include <string>

#include "host/rows/timer_cases.hpp"

namespace hm::host {

/// One column for each case: its layers in the order of a wake-up, by their means, which add up.
/// Where they are times of a machine, a second column for each has nanoseconds; where some are read
/// from the counter and others from the core's clock, each says its unit.
[[nodiscard]] std::string layer_table(const Results& results, const TimerCases& cases,
                                      std::size_t width);

}  // namespace hm::host
