#pragma once
// Hypercalls that do nothing: what it costs to enter HYP and come back.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

/// A machine that can call the monitor. Between begin_ and end_vector_only HYP's vector only
/// returns.
template <class M>
concept HypercallMachineLike = Machine<M> && requires(M& machine, measure::Hypercall which) {
    machine.call(which);
    machine.begin_vector_only();
    machine.end_vector_only();
};

/// One call of each sample, after one that warms up, until the log is full. `which` is kNull,
/// kNullCommon, kVectorOnly or kYield.
template <HypercallMachineLike M>
void hypercall_loop(M& machine, measure::Hypercall which, SampleLog<measure::Sample>& log) {
    const std::uint32_t reading = reading_cost(machine);
    const bool vector_only = which == measure::Hypercall::kVectorOnly;
    const measure::Hypercall call = vector_only ? measure::Hypercall::kNull : which;
    if (vector_only) {
        machine.begin_vector_only();
    }
    machine.call(call);
    while (log.count() < log.capacity()) {
        const Instructions before = machine.instructions();
        const std::uint32_t start = machine.ticks();
        machine.call(call);
        const std::uint32_t returned = machine.ticks();
        const Instructions after = machine.instructions();
        log.add({.ticks = returned - start - reading,
                 .all_instructions = after.all - before.all,
                 .guest_instructions = after.guest - before.guest,
                 .kind = 0});
    }
    if (vector_only) {
        machine.end_vector_only();
    }
}

}  // namespace hm::guest
