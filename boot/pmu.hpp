#pragma once
// The performance monitor as every guest finds it, and as the clock that all measuring uses.

namespace hm::boot {

/// Cycles and instructions, HYP's included; instructions of PL1 and PL0 alone; all from zero,
/// running.
void start_counters();

/// Whether PMCCNTR counts exactly one for each instruction, as an emulator with icount does.
[[nodiscard]] bool counts_instructions();

}  // namespace hm::boot
