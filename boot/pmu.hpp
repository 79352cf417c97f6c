#pragma once
// The performance monitor as every guest finds it, and as the clock that all measuring uses.

namespace hm::boot {

enum class EventCounters : bool { kOff, kOn };

/// Cycles, HYP's included; and where wanted instructions of all modes, and of PL1 and PL0 alone.
/// All from zero, running. Scenarios with stamps do without the instructions: QEMU 7.2 keeps a
/// timer for the overflow of event counters, which moved one native wake-up in 120,000 by two
/// instructions.
void start_counters(EventCounters events);

/// Whether PMCCNTR counts exactly one for each instruction, as an emulator with icount does.
[[nodiscard]] bool counts_instructions();

}  // namespace hm::boot
