#pragma once
// Finds the turns that the core goes to another VM and comes back, by what HYP executes.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"

namespace hm::guest {

/// The instruction counters, and the instructions until they were read again. A function of its
/// own, so that these are the same wherever it is called, unless HYP ran meanwhile.
template <Machine M>
[[gnu::noinline]] Instructions read_twice(M& machine, std::uint32_t& between) {
    const Instructions first = machine.instructions();
    const Instructions second = machine.instructions();
    between = second.all - first.all;
    return first;
}

/// A reading between whose halves HYP did not run. `usual`: what read_twice() finds then.
template <Machine M>
Instructions undisturbed(M& machine, std::uint32_t usual) {
    for (;;) {
        std::uint32_t between;
        const Instructions retired = read_twice(machine, between);
        if (between == usual) {
            return retired;
        }
    }
}

/// What read_twice() finds where HYP does not run: the least of several.
template <Machine M>
std::uint32_t usual_distance(M& machine) {
    std::uint32_t least = UINT32_MAX;
    for (int i = 0; i < 16; ++i) {
        std::uint32_t between;
        (void)read_twice(machine, between);
        least = between < least ? between : least;
    }
    return least;
}

/// Turns in which the other VM starts, and traps for other reasons.
inline constexpr std::uint32_t kFirstTurns = 4;

/// One sample for each time that HYP took the core away and gave it back, until the log is full.
template <Machine M>
void turn_loop(M& machine, SampleLog<measure::Sample>& log) {
    const std::uint32_t usual = usual_distance(machine);
    const auto in_hyp = [](const Instructions& retired) { return retired.all - retired.guest; };
    Instructions before = undisturbed(machine, usual);
    std::uint32_t turns = 0;
    while (log.count() < log.capacity()) {
        const Instructions after = undisturbed(machine, usual);
        if (in_hyp(after) == in_hyp(before)) {
            continue;
        }
        if (turns++ >= kFirstTurns) {
            log.add({.ticks = 0,
                     .all_instructions = after.all - before.all,
                     .guest_instructions = after.guest - before.guest,
                     .kind = 0});
        }
        before = after;
    }
}

}  // namespace hm::guest
