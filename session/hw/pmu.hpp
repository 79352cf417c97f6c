#pragma once
// The performance monitor as every guest finds it, and as the clock that all measuring uses.

#include <cstdint>

#include "measure/workload/wake_up_layers.hpp"
#include "session/core/event_passes.hpp"

namespace hm::session {

/// The memory events that this machine counts, and how many of them at a time.
[[nodiscard]] EventPasses event_passes();

/// Starts from zero: cycles and instructions, including HYP's, and instructions of PL1 and PL0
/// only; and the memory events of `pass`.
void start_counters(const EventPasses& events = kNoEvents, std::uint32_t pass = 0);

/// Instructions in all modes since the first start_counters(). Between two starts the counter has
/// 32 bits.
[[nodiscard]] std::uint64_t instructions_so_far();

/// Whether PMCCNTR counts exactly one for each instruction, as an emulator with icount does.
[[nodiscard]] bool counts_instructions();

/// How fast PMCCNTR ticks compared with CNTPCT, measured for a hundredth of a second.
[[nodiscard]] measure::ClockRatio measure_clock_ratio(std::uint64_t counter_hz);

}  // namespace hm::session
