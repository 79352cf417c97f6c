#pragma once
// Instructions that exit to HYP: what each costs from the guest's kernel and back.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/workload/exits.hpp"

namespace hm::guest {

/// One exit for each sample, after one that warms up, until the log is full. `cause` executes the
/// instruction; as a type of its own it is inlined, so that nothing but the instruction is timed.
template <Machine M, class Cause>
void exit_loop(M& machine, Cause cause, SampleLog<measure::Sample>& log) {
    const std::uint32_t reading = reading_cost(machine);
    cause();
    while (log.count() < log.capacity()) {
        const Instructions before = machine.instructions();
        const std::uint32_t start = machine.ticks();
        cause();
        const std::uint32_t returned = machine.ticks();
        const Instructions after = machine.instructions();
        log.add({.ticks = returned - start - reading,
                 .all_instructions = after.all - before.all,
                 .guest_instructions = after.guest - before.guest,
                 .kind = 0});
    }
}

}  // namespace hm::guest
