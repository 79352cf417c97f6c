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
                     .kind = static_cast<std::uint32_t>(measure::exits::Kind::kClock)});
        }
    }
}

/// The difference of two readings of CNTVCT next to each other.
template <Machine M>
[[nodiscard]] std::uint32_t count_cost(M& machine) {
    std::uint32_t least = UINT32_MAX;
    for (int i = 0; i < 16; ++i) {
        const auto before = static_cast<std::uint32_t>(machine.count());
        const std::uint32_t cost = static_cast<std::uint32_t>(machine.count()) - before;
        least = cost < least ? cost : least;
    }
    return least;
}

/// One wait for each sample, after one that warms up. `wait.arm(deadline)` sets the timer,
/// `wait.wait()` waits with its interrupt masked, and `wait.finish()` takes the interrupt. A sample
/// is from the deadline to a reading of CNTVCT just after the wait.
template <Machine M, class Wait>
void wait_loop(M& machine, Wait wait, std::uint32_t ahead, SampleLog<measure::Sample>& log) {
    for (bool is_warm = false; log.count() < log.capacity(); is_warm = true) {
        const std::uint64_t deadline = machine.count() + ahead;
        wait.arm(deadline);
        wait.wait();
        const auto woken = static_cast<std::uint32_t>(machine.count());
        wait.finish();
        if (is_warm) {
            log.add({.ticks = woken - static_cast<std::uint32_t>(deadline),
                     .all_instructions = 0,
                     .guest_instructions = 0,
                     .kind = static_cast<std::uint32_t>(measure::exits::Kind::kCounter)});
        }
    }
}

/// One interrupt to another virtual CPU for each sample, after one that warms up. `ipi.send()`
/// sends it, and waits without spinning until it has been taken; `ipi.taken_at()` is what the other
/// CPU then read from CNTVCT, low word.
template <Machine M, class Ipi>
void ipi_loop(M& machine, Ipi ipi, SampleLog<measure::Sample>& log) {
    const std::uint32_t reading = count_cost(machine);
    for (bool is_warm = false; log.count() < log.capacity(); is_warm = true) {
        const auto start = static_cast<std::uint32_t>(machine.count());
        ipi.send();
        if (is_warm) {
            log.add({.ticks = ipi.taken_at() - start - reading,
                     .all_instructions = 0,
                     .guest_instructions = 0,
                     .kind = static_cast<std::uint32_t>(measure::exits::Kind::kCounter)});
        }
    }
}

}  // namespace hm::guest
