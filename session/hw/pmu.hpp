#pragma once
// The performance monitor as every guest finds it, and as the clock that all measuring uses.

#include <cstdint>

#include "measure/layers.hpp"

namespace hm::session {

/// Cycles and instructions, HYP's included; instructions of PL1 and PL0 alone; all from zero,
/// running.
void start_counters();

/// Instructions in all modes since the first start_counters(). It counts in 32 bits from one start
/// to the next.
[[nodiscard]] std::uint64_t instructions_so_far();

/// Which of measure::kEventNames this machine counts, one bit each; start_counters() starts them.
[[nodiscard]] std::uint32_t memory_events();

/// Whether PMCCNTR counts exactly one for each instruction, as an emulator with icount does.
[[nodiscard]] bool counts_instructions();

/// How fast PMCCNTR ticks beside the counter, measured for a hundredth of a second.
[[nodiscard]] measure::ClockRatio measure_clock_ratio(std::uint64_t counter_hz);

}  // namespace hm::session
