#pragma once
// The wake-up loop, in the manner of cyclictest: absolute periodic deadlines, an application that
// blocks until each and then computes how late it is.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

/// The guest's own stamps of a wake-up.
struct GuestStamps {
    std::uint32_t vector_count;  ///< CNTVCT, low word
    std::uint32_t vector;        ///< PMCCNTR from here on
    std::uint32_t acknowledged;
    std::uint32_t handler_done;
    /// Interrupts so far that came although the timer did not assert any more.
    std::uint32_t stale = 0;
};

struct TimerPlan {
    std::uint32_t period;  ///< counter ticks between two deadlines
    std::uint32_t wake_ups;
    std::uint32_t warm_up;  ///< wake-ups that come first and are not kept
    std::uint32_t dither;   ///< counter ticks: each deadline is moved by another part of them
    std::uint32_t slip;     ///< ticks by which the clock could slip in one wait; 0: it cannot
};

struct TimerTally {
    std::uint32_t missed = 0;  ///< periods whose deadline had passed before it could be waited for
    std::uint32_t slips = 0;   ///< wake-ups in which the clock slipped
    /// Wake-ups that were taken again because a stale interrupt came in between: it has spoilt
    /// their stamps.
    std::uint32_t disturbed = 0;
    std::uint32_t stale = 0;  ///< GuestStamps::stale when the loop has looked last
};

/// Finds wake-ups in which an emulator's clock slipped. While the core waits, a clock that counts
/// instructions is moved on to the deadline. A QEMU that does not record may do so just when the
/// core goes to sleep, and count the last few instructions twice. Then more ticks than usual have
/// passed since the deadline, with no more instructions retired. That is impossible on a machine
/// whose instructions are its ticks. A delay that instructions cause is never taken for a slip, nor
/// is a longer wait.
class SlipFinder {
  public:
    explicit constexpr SlipFinder(std::uint32_t most) : most_(most) {}

    /// Whether the clock slipped in a wake-up that came `delay` ticks after its deadline and took
    /// `instructions` since the application asked for it. The first one does not count: the core
    /// goes to sleep in another way than later.
    constexpr bool slipped(std::uint32_t delay, std::uint32_t instructions) {
        const std::uint32_t idle = delay - instructions;
        if (!began_) {
            began_ = true;
            return false;
        }
        if (!known_ || static_cast<std::int32_t>(idle - least_) < 0) {
            known_ = true;
            least_ = idle;
        }
        return idle != least_ && idle - least_ <= most_;
    }

  private:
    std::uint32_t most_;
    std::uint32_t least_ = 0;
    bool began_ = false;
    bool known_ = false;
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

struct DoesNothing {
    constexpr void operator()() const {}
};

/// One WakeUp for each deadline that was waited for. Deadlines are one period apart, each moved by
/// the dither. `hyp` and `guest` are read after each wake-up, through pointers that the compiler
/// must not look through. `between` is called after each, before the next deadline is chosen.
template <Machine M, class Between = DoesNothing>
TimerTally timer_loop(M& machine, const TimerPlan& plan, const measure::HypStamps* hyp,
                      const GuestStamps* guest, SampleLog<measure::WakeUp>& log,
                      Between between = {}) {
    TimerTally tally;
    Dither dither(plan.dither);
    SlipFinder slips(plan.slip);
    tally.stale = guest->stale;
    std::uint64_t period_begin = machine.count();
    std::uint64_t deadline = 0;
    const auto go_on = [&] {
        period_begin += plan.period;
        deadline = period_begin + dither.next();
    };
    go_on();
    const std::uint32_t total = plan.warm_up + plan.wake_ups;
    for (std::uint32_t i = 0; i < total;) {
        const Instructions before = machine.instructions();
        machine.wait_until(deadline);
        const BothClocks awake = machine.both_clocks();
        const Instructions after = machine.instructions();
        const auto deadline_count = static_cast<std::uint32_t>(deadline);
        if (slips.slipped(awake.count - deadline_count, after.all - before.all)) {
            ++tally.slips;
        }
        const bool disturbed = guest->stale != tally.stale;
        tally.stale = guest->stale;
        // If every wait had to be taken again, the loop would never end.
        if (disturbed && tally.disturbed < total) {
            ++tally.disturbed;
        } else {
            if (i >= plan.warm_up) {
                log.add({.number = i + tally.disturbed + 1,
                         .deadline_count = deadline_count,
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
            ++i;
            if (i % measure::kWakeUpsPerCheckpoint == 0) {
                machine.checkpoint(i, total);
            }
        }
        between();
        go_on();
        while (deadline <= machine.count()) {
            go_on();
            ++tally.missed;
        }
    }
    return tally;
}

}  // namespace hm::guest
