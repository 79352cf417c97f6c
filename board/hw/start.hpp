#pragma once
// Starting a board before it is used, and resetting it.

#include "board/machine_facts.hpp"

namespace hm::board {

/// Which of a board's machines this is, according to its identification register; the last one if
/// no other fits (board/hw/recognise.cpp).
[[nodiscard]] const MachineFacts* recognise();

/// Recognises the machine, turns off the firmware's watchdog, and starts the counter that the
/// generic timers follow.
void start_board();

/// Restarts the board, from its boot loader on; returns if it cannot be restarted. `has_firmware`:
/// something in Secure state answers SMC.
void reset_board(bool has_firmware);

}  // namespace hm::board
