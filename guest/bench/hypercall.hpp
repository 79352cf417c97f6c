#pragma once
// Hypercalls that do nothing: what it costs to enter HYP and come back.

#include <algorithm>
#include <concepts>
#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

/// A machine that can call the monitor. Between begin_ and end_vector_only HYP's vector only
/// returns. begin_vector_only() is false if it did so already.
template <class M>
concept HypercallMachineLike = Machine<M> && requires(M& machine, measure::Hypercall which) {
    machine.call(which);
    { machine.begin_vector_only() } -> std::same_as<bool>;
    machine.end_vector_only();
};

/// Calls in one stretch in which HYP's vector only returns: it lasts for far more.
inline constexpr std::uint32_t kCallsOfStretch = 64;

/// One call to warm up, then one for each sample until the log has `until` of them.
template <HypercallMachineLike M>
void sample_calls(M& machine, measure::Hypercall call, std::uint32_t reading, std::uint32_t until,
                  SampleLog<measure::Sample>& log) {
    machine.call(call);
    while (log.count() < until) {
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
}

/// Samples until the log is full. `which` is kNull, kNullCommon, kVectorOnly or kYield. A stretch
/// that was over before its last call is taken again: an interrupt ends it, as that of the GIC's
/// maintenance, which may come a little after the guest's end of interrupt.
template <HypercallMachineLike M>
void hypercall_loop(M& machine, measure::Hypercall which, SampleLog<measure::Sample>& log) {
    const std::uint32_t reading = reading_cost(machine);
    if (which != measure::Hypercall::kVectorOnly) {
        sample_calls(machine, which, reading, log.capacity(), log);
        return;
    }
    while (log.count() < log.capacity()) {
        const std::uint32_t kept = log.count();
        (void)machine.begin_vector_only();
        sample_calls(machine, measure::Hypercall::kNull, reading,
                     std::min(kept + kCallsOfStretch, log.capacity()), log);
        if (machine.begin_vector_only()) {
            log.keep_only(kept);
        } else {
            machine.end_vector_only();
        }
    }
}

}  // namespace hm::guest
