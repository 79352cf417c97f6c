#pragma once
// Which of the machines that one image supports this one is.

#include <algorithm>

#include "board.hpp"
#include "board/facts.hpp"
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

/// Whether this machine has what `kFact` names: a constant if all machines of the board agree, so
/// that a path that is counted does not ask.
template <bool MachineFacts::*kFact>
[[gnu::always_inline]] inline bool machine_has() {
    constexpr bool kFirst = board::kMachines[0].*kFact;
    if constexpr (std::all_of(board::kMachines.begin(), board::kMachines.end(),
                              [](const MachineFacts& facts) { return facts.*kFact == kFirst; })) {
        return kFirst;
    } else {
        return recognised_machine.*kFact;
    }
}
}  // namespace hm
