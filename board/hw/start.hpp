#pragma once
// Starting a board before it is used, resetting it, and turning it off.

#include "board/machine_facts.hpp"

namespace hm::board {

/// Which of a board's machines this is, according to its identification register; the last one if
/// no other fits (board/hw/recognise.cpp).
[[nodiscard]] const MachineFacts* recognise();

/// Recognises the machine, turns off the firmware's watchdog, and starts the counter that the
/// generic timers follow. `has_firmware`: something in Secure state answers SMC.
void start_board(bool has_firmware);

/// Restarts the board, from its boot loader on; returns if it cannot be restarted.
void reset_board();

/// Turns the machine off after the console has drained. What cannot be turned off waits for ever.
[[noreturn]] void power_off();

/// The same where a run ends without all its records: the last line says so, for a host that must
/// end the machine then.
[[noreturn]] void give_up();

}  // namespace hm::board
