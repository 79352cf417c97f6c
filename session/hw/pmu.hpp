#pragma once
// The performance monitor as every guest finds it, and as the clock that all measuring uses.

#include <cstdint>

#include "measure/workload/wake_up_layers.hpp"

namespace hm::session {

/// Starts from zero: cycles and instructions, including HYP's, and instructions of PL1 and PL0
/// only.
void start_counters();

/// Instructions in all modes since the first start_counters(). Between two starts the counter has
/// 32 bits.
[[nodiscard]] std::uint64_t instructions_so_far();

/// Which of measure::kEventNames this machine counts, one bit each; start_counters() starts them
/// too.
[[nodiscard]] std::uint32_t memory_events();

/// Whether PMCCNTR counts exactly one for each instruction, as an emulator with icount does.
[[nodiscard]] bool counts_instructions();

/// How fast PMCCNTR ticks compared with CNTPCT, measured for a hundredth of a second.
[[nodiscard]] measure::ClockRatio measure_clock_ratio(std::uint64_t counter_hz);

}  // namespace hm::session
