#pragma once
// The wake-up loop, in the manner of cyclictest: absolute periodic deadlines, an application that
// blocks until each and then tells how late it is.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

/// What the guest's interrupt path reads on the way of a wake-up.
struct GuestStamps {
    std::uint32_t vector_count;  ///< CNTVCT, low word
    std::uint32_t vector;        ///< PMCCNTR from here on
    std::uint32_t acknowledged;
    std::uint32_t handler_done;
};

struct TimerPlan {
    std::uint32_t period;  ///< counter ticks between two deadlines
    std::uint32_t wake_ups;
    std::uint32_t warm_up;  ///< wake-ups that come first and are not kept
    std::uint32_t settle;   ///< turns of an empty loop before the application waits again
};

/// One WakeUp for each deadline that was waited for; returns how many periods were missed because
/// their deadline had passed before the application could wait. `hyp` and `guest` are read after
/// each wake-up, through pointers that the compiler must not look through.
template <Machine M>
std::uint32_t timer_loop(M& machine, const TimerPlan& plan, const measure::HypStamps* hyp,
                         const GuestStamps* guest, SampleLog<measure::WakeUp>& log) {
    std::uint32_t missed = 0;
    std::uint64_t deadline = machine.count() + plan.period;
    const std::uint32_t total = plan.warm_up + plan.wake_ups;
    for (std::uint32_t i = 0; i < total; ++i) {
        const Instructions before = machine.instructions();
        machine.wait_until(deadline);
        const BothClocks awake = machine.both_clocks();
        const Instructions after = machine.instructions();
        if (i >= plan.warm_up) {
            log.add({.deadline_count = static_cast<std::uint32_t>(deadline),
                     .hyp = *hyp,
                     .vector_count = guest->vector_count,
                     .vector = guest->vector,
                     .acknowledged = guest->acknowledged,
                     .handler_done = guest->handler_done,
                     .application_count = awake.count,
                     .application = awake.ticks,
                     .all_instructions = after.all - before.all,
                     .guest_instructions = after.guest - before.guest});
        }
        if ((i + 1) % measure::kWakeUpsPerCheckpoint == 0) {
            machine.checkpoint(i + 1, total);
        }
        for (std::uint32_t turn = 0; turn < plan.settle; ++turn) {
            (void)machine.opaque(nullptr);
        }
        deadline += plan.period;
        while (deadline <= machine.count()) {
            deadline += plan.period;
            ++missed;
        }
    }
    return missed;
}

}  // namespace hm::guest
