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
    std::uint32_t dither;   ///< counter ticks by which deadlines are moved, each by another part
};

/// Moves deadlines over a range so that any number of them in a row lie evenly in it, and no two
/// runs differ: the fractions of multiples of the golden ratio (Knuth, The Art of Computer
/// Programming 3, 6.4).
class Dither {
  public:
    explicit constexpr Dither(std::uint32_t range) : range_(range) {}

    constexpr std::uint32_t next() {
        phase_ += 0x9E3779B9;  // 2^32 / 1.618..
        return static_cast<std::uint32_t>((std::uint64_t{phase_} * range_) >> 32);
    }

  private:
    std::uint32_t range_;
    std::uint32_t phase_ = 0;
};

/// One WakeUp for each deadline that was waited for; returns how many periods were missed because
/// their deadline had passed before the application could wait. Deadlines are one period apart,
/// each moved by the dither. `hyp` and `guest` are read after
/// each wake-up, through pointers that the compiler must not look through.
template <Machine M>
std::uint32_t timer_loop(M& machine, const TimerPlan& plan, const measure::HypStamps* hyp,
                         const GuestStamps* guest, SampleLog<measure::WakeUp>& log) {
    std::uint32_t missed = 0;
    Dither dither(plan.dither);
    std::uint64_t period_begin = machine.count();
    std::uint64_t deadline = 0;
    const auto go_on = [&] {
        period_begin += plan.period;
        deadline = period_begin + dither.next();
    };
    go_on();
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
        go_on();
        while (deadline <= machine.count()) {
            go_on();
            ++missed;
        }
    }
    return missed;
}

}  // namespace hm::guest
