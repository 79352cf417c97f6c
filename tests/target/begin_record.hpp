#pragma once
// How every session of a test image begins.

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "measure/record.hpp"
#include "session/core/platform.hpp"
#include "session/hw/pmu.hpp"
#include "version.hpp"

namespace hm::target {

/// Starts the counters, and writes the `begin` record.
inline void begin(measure::RecordWriter& records, const session::Services& services) {
    session::start_counters();
    records.begin({.version = session::kVersion,
                   .board = board::kName,
                   .machine = machine().name,
                   .clock = session::counts_instructions() ? measure::Clock::kInstructions
                                                           : measure::Clock::kEmulator,
                   .counter_hz = cpu::read<cpu::Cntfrq>().raw,
                   .memory_bytes = services.ram.bytes,
                   .settings = {},
                   .plan = {}});
}

}  // namespace hm::target
