#pragma once
// Which of the machines that one image supports this one is.

#include "board.hpp"
#include "board/machine_facts.hpp"

namespace hm {

/// Set once, before anything asks (board/hw/start.cpp).
extern MachineFacts recognised_machine;

/// A constant if the board is only one machine.
[[gnu::always_inline]] inline const MachineFacts& machine() {
    if constexpr (board::kMachines.size() == 1) {
        return board::kMachines[0];
    } else {
        return recognised_machine;
    }
}

}  // namespace hm
