#pragma once
// Instructions that exit to HYP: what each costs from the guest's kernel and back.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/workload/exits.hpp"

namespace hm::guest {

/// One exit for each sample, after one that warms up, until the log is full. `exit.cause()`
/// executes the instruction; as a type of its own it is inlined, so that nothing else is timed.
/// `exit.prepare()` comes before each, and `exit.finish()` after it.
template <Machine M, class Exit>
void exit_loop(M& machine, Exit exit, SampleLog<measure::Sample>& log) {
    const std::uint32_t reading = reading_cost(machine);
    for (bool is_warm = false; log.count() < log.capacity(); is_warm = true) {
        exit.prepare();
        const Instructions before = machine.instructions();
        const std::uint32_t start = machine.ticks();
        exit.cause();
        const std::uint32_t returned = machine.ticks();
        const Instructions after = machine.instructions();
        exit.finish();
        if (is_warm) {
            log.add({.ticks = returned - start - reading,
                     .all_instructions = after.all - before.all,
                     .guest_instructions = after.guest - before.guest,
                     .kind = 0});
        }
    }
}

}  // namespace hm::guest
