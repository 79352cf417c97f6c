#pragma once
// CPU parity: loops that need only the core, so that natively and as a guest they must take the
// same time. One works on integers in the manner of Dhrystone (Weicker, CACM 27, 1984), one on
// double-precision numbers in the manner of Whetstone (Curnow and Wichmann, Computer Journal 19,
// 1976). Both are our own: their results cannot be compared with other programs.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/workload/parity.hpp"

namespace hm::guest {

/// One round: a checksum of all that was computed from the seed, the same on every machine.
[[nodiscard]] std::uint32_t integer_round(std::uint32_t seed);
[[nodiscard]] std::uint32_t float_round(std::uint32_t seed);

/// What clocks and counters say of one round. A function of its own, so that what it takes does not
/// depend on the code around it.
template <Machine M>
[[gnu::noinline]] std::uint32_t time_round(std::uint32_t seed,
                                           std::uint32_t (*round)(std::uint32_t), M& machine,
                                           measure::Sample& sample) {
    const Instructions before = machine.instructions();
    const std::uint32_t start = machine.ticks();
    const std::uint32_t checksum = round(seed);
    const std::uint32_t done = machine.ticks();
    const Instructions after = machine.instructions();
    sample = {.ticks = done - start,
              .all_instructions = after.all - before.all,
              .guest_instructions = after.guest - before.guest,
              .kind = 0};
    return checksum;
}

/// One round per sample until the log is full, after one that warms up. Each starts from the
/// checksum of the one before, so the last one, which is returned, shows whether all were right.
template <Machine M>
std::uint32_t parity_loop(M& machine, measure::ParityLoop which, SampleLog<measure::Sample>& log) {
    const auto round = which == measure::ParityLoop::kFloat ? &float_round : &integer_round;
    const std::uint32_t reading = reading_cost(machine);
    std::uint32_t checksum = round(1);
    while (log.count() < log.capacity()) {
        measure::Sample sample{};
        checksum = time_round(checksum, round, machine, sample);
        sample.ticks -= reading;
        log.add(sample);
    }
    return checksum;
}

}  // namespace hm::guest
