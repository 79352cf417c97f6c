#pragma once
// How fast the generic timers' counter runs here.

#include <cstdint>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"

namespace hm::board {

/// Ticks in a second; 0 if neither CNTFRQ nor the board says.
[[nodiscard]] inline std::uint32_t counter_hz() {
    return counter_frequency(cpu::read<cpu::Cntfrq>().raw, board::kCounterHz);
}

}  // namespace hm::board
