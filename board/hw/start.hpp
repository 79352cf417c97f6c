#pragma once
// What a board needs before it is used, and how it is reset.

#include "board/machine_facts.hpp"

namespace hm::board {

/// Which of a board's machines this is, by its identification register; the last one where no other
/// fits (board/hw/recognise.cpp).
[[nodiscard]] const MachineFacts* recognise();

/// Recognises the machine, turns off what would end the run, and starts the counter that the
/// generic timers follow.
void start_board();

/// Starts the board anew, from its boot loader on; returns where it has no way to.
/// `has_firmware`: something in Secure state answers SMC.
void reset_board(bool has_firmware);

}  // namespace hm::board
