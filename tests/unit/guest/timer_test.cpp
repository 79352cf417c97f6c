#include "guest/bench/timer.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "guest/bench/hypercall.hpp"
#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::HypStamps;
using measure::Sample;
using measure::WakeUp;
using test::FakeMachine;

TEST(TimerLoop, DeadlinesAreAbsoluteAndOnePeriodApart) {
    FakeMachine machine;
    const HypStamps hyp{};
    const GuestStamps stamps{};
    std::vector<WakeUp> room(5);
    SampleLog<WakeUp> log(room);
    const TimerTally tally =
        timer_loop(machine, {.period = 1000, .wake_ups = 5, .warm_up = 0, .dither = 0, .slip = 0},
                   &hyp, &stamps, log);
    EXPECT_EQ(tally.missed, 0U);
    ASSERT_EQ(machine.deadlines.size(), 5U);
    for (std::size_t i = 1; i < 5; ++i) {
        EXPECT_EQ(machine.deadlines[i] - machine.deadlines[i - 1], 1000U);
    }
    for (const WakeUp& wake_up : room) {
        EXPECT_EQ(wake_up.application_count - wake_up.deadline_count, machine.late_by);
    }
}

TEST(TimerLoop, WarmUpIsWaitedForButNotKept) {
    FakeMachine machine;
    const HypStamps hyp{};
    const GuestStamps stamps{};
    std::vector<WakeUp> room(3);
    SampleLog<WakeUp> log(room);
    (void)timer_loop(machine, {.period = 1000, .wake_ups = 3, .warm_up = 4, .dither = 0, .slip = 0},
                     &hyp, &stamps, log);
    EXPECT_EQ(machine.deadlines.size(), 7U);
    ASSERT_EQ(log.count(), 3U);
    EXPECT_EQ(room[0].deadline_count, machine.deadlines[4]);
}

TEST(TimerLoop, APeriodThatPassedBeforeItCouldBeWaitedForIsMissedAndCounted) {
    FakeMachine machine;
    machine.late_by = 2500;
    const HypStamps hyp{};
    const GuestStamps stamps{};
    std::vector<WakeUp> room(4);
    SampleLog<WakeUp> log(room);
    const TimerTally tally =
        timer_loop(machine, {.period = 1000, .wake_ups = 4, .warm_up = 0, .dither = 0, .slip = 0},
                   &hyp, &stamps, log);
    EXPECT_EQ(tally.missed, 8U);
    EXPECT_EQ(machine.deadlines[1] - machine.deadlines[0], 3000U);
}

TEST(TimerLoop, StampsOfBothSidesAreKeptWithTheEvent) {
    FakeMachine machine;
    HypStamps hyp{};
    hyp.guest_return = 6;
    const GuestStamps stamps{7, 8, 9, 10};
    std::vector<WakeUp> room(1);
    SampleLog<WakeUp> log(room);
    (void)timer_loop(machine, {.period = 1000, .wake_ups = 1, .warm_up = 0, .dither = 0, .slip = 0},
                     &hyp, &stamps, log);
    EXPECT_EQ(room[0].hyp.guest_return, 6U);
    EXPECT_EQ(room[0].vector_count, 7U);
    EXPECT_EQ(room[0].handler_done, 10U);
}

TEST(TimerLoop, WhatComesBetweenTwoWaitsMissesPeriodsButNoDeadlineThatIsWaitedFor) {
    FakeMachine machine;
    const HypStamps hyp{};
    const GuestStamps stamps{};
    std::vector<WakeUp> room(3);
    SampleLog<WakeUp> log(room);
    std::vector<std::size_t> waits_before;
    const TimerTally tally =
        timer_loop(machine, {.period = 1000, .wake_ups = 3, .warm_up = 1, .dither = 0, .slip = 0},
                   &hyp, &stamps, log, [&] {
                       waits_before.push_back(machine.deadlines.size());
                       machine.now += 2500;
                   });
    EXPECT_EQ(waits_before, (std::vector<std::size_t>{1, 2, 3, 4}));
    // Each time two periods pass meanwhile, and the last time too.
    EXPECT_EQ(tally.missed, 8U);
    for (const WakeUp& wake_up : room) {
        EXPECT_EQ(wake_up.application_count - wake_up.deadline_count, machine.late_by);
    }
}

TEST(TimerLoop, DeadlinesAreMovedWithinTheDitherAndTheirPeriodsStay) {
    FakeMachine machine;
    const HypStamps hyp{};
    const GuestStamps stamps{};
    constexpr std::uint32_t kPeriod = 2'000;
    constexpr std::uint32_t kDither = 2'000;
    std::vector<WakeUp> room(200);
    SampleLog<WakeUp> log(room);
    const TimerTally tally = timer_loop(
        machine, {.period = kPeriod, .wake_ups = 200, .warm_up = 0, .dither = kDither, .slip = 0},
        &hyp, &stamps, log);
    EXPECT_EQ(tally.missed, 0U);
    const std::uint64_t start = machine.deadlines[0] - Dither(kDither).next();
    std::vector<unsigned> eighths(8);
    for (std::size_t i = 0; i < machine.deadlines.size(); ++i) {
        const std::uint64_t moved = machine.deadlines[i] - (start + i * kPeriod);
        ASSERT_LT(moved, kDither);
        ++eighths[moved * 8 / kDither];
    }
    for (const unsigned count : eighths) {
        EXPECT_NEAR(count, 25, 2) << "a phase came too often or too seldom";
    }
}

TEST(TimerLoop, WakeUpsInWhichTheClockSlippedAreCounted) {
    FakeMachine machine;
    machine.slips_at = {5, 6, 17};
    machine.slips_by = 3;
    const HypStamps hyp{};
    const GuestStamps stamps{};
    std::vector<WakeUp> room(20);
    SampleLog<WakeUp> log(room);
    const TimerTally tally =
        timer_loop(machine, {.period = 1000, .wake_ups = 20, .warm_up = 2, .dither = 0, .slip = 8},
                   &hyp, &stamps, log);
    EXPECT_EQ(tally.slips, 3U);
    EXPECT_EQ(machine.deadlines.size(), 22U);
    EXPECT_EQ(log.count(), 20U);
}

TEST(TimerLoop, AWakeUpWhoseStampsAStaleInterruptSpoiltIsTakenAgain) {
    FakeMachine machine;
    GuestStamps stamps{};
    machine.in_wait = [&](std::size_t wait) {
        if (wait == 3 || wait == 4 || wait == 9) {
            ++stamps.stale;
        }
    };
    const HypStamps hyp{};
    std::vector<WakeUp> room(10);
    SampleLog<WakeUp> log(room);
    const TimerTally tally =
        timer_loop(machine, {.period = 1000, .wake_ups = 10, .warm_up = 1, .dither = 0, .slip = 0},
                   &hyp, &stamps, log);
    EXPECT_EQ(tally.disturbed, 3U);
    EXPECT_EQ(tally.slips, 0U);
    EXPECT_EQ(machine.deadlines.size(), 14U);
    ASSERT_EQ(log.count(), 10U);
    EXPECT_EQ(room[0].number, 2U);
    EXPECT_EQ(room[1].number, 5U) << "the third and the fourth wait were not kept";
    EXPECT_EQ(room[9].number, 14U);
}

TEST(TimerLoop, StaleInterruptsWithoutEndDoNotKeepItFromItsEnd) {
    FakeMachine machine;
    GuestStamps stamps{};
    machine.in_wait = [&](std::size_t) { ++stamps.stale; };
    const HypStamps hyp{};
    std::vector<WakeUp> room(5);
    SampleLog<WakeUp> log(room);
    const TimerTally tally =
        timer_loop(machine, {.period = 1000, .wake_ups = 5, .warm_up = 0, .dither = 0, .slip = 0},
                   &hyp, &stamps, log);
    EXPECT_EQ(tally.disturbed, 5U);
    EXPECT_EQ(log.count(), 5U);
}

TEST(SlipFinder, TicksWithoutInstructionsAreASlip) {
    SlipFinder finder(8);
    EXPECT_FALSE(finder.slipped(40, 12'000)) << "the first one is of another kind";
    EXPECT_FALSE(finder.slipped(49, 12'000));
    EXPECT_TRUE(finder.slipped(51, 12'000));
    EXPECT_FALSE(finder.slipped(49, 12'000));
}

TEST(SlipFinder, WhatInstructionsCauseIsNoSlip) {
    SlipFinder finder(8);
    EXPECT_FALSE(finder.slipped(40, 12'000)) << "the first one is of another kind";
    EXPECT_FALSE(finder.slipped(49, 12'000));
    EXPECT_FALSE(finder.slipped(51, 12'002));
    EXPECT_FALSE(finder.slipped(149, 12'100));
}

TEST(SlipFinder, ALongerWaitIsNoSlip) {
    SlipFinder finder(8);
    EXPECT_FALSE(finder.slipped(40, 12'000)) << "the first one is of another kind";
    EXPECT_FALSE(finder.slipped(49, 12'000));
    EXPECT_FALSE(finder.slipped(58, 12'000)) << "an interrupt that comes late must be kept";
}

TEST(SlipFinder, AClockThatNeverSlipsHasNone) {
    SlipFinder finder(0);
    EXPECT_FALSE(finder.slipped(49, 12'000));
    EXPECT_FALSE(finder.slipped(51, 12'000));
}

TEST(Dither, LeavesMoreThanHalfAPeriodBetweenTwoDeadlines) {
    // Where the dither is as long as the period, a wake-up may be late by 0.6 periods and its
    // successor is still not missed.
    constexpr std::uint32_t kRange = 1'000'000;
    Dither dither(kRange);
    std::uint64_t before = dither.next();
    for (std::uint64_t i = 1; i < 10'000; ++i) {
        const std::uint64_t deadline = i * kRange + dither.next();
        EXPECT_GT(deadline - before, kRange * 61ULL / 100);
        before = deadline;
    }
}

TEST(HypercallLoop, EachSampleHasTheInstructionsOfOneCall) {
    struct {
        measure::Hypercall which;
        std::uint32_t hyp;
    } const cases[] = {{measure::Hypercall::kNull, 7},
                       {measure::Hypercall::kNullCommon, 21},
                       {measure::Hypercall::kVectorOnly, 1}};
    for (const auto& one : cases) {
        FakeMachine machine;
        std::vector<Sample> room(10);
        SampleLog<Sample> log(room);
        hypercall_loop(machine, one.which, log);
        EXPECT_EQ(machine.calls, 11U) << "one warms up";
        EXPECT_FALSE(machine.vector_only);
        for (const Sample& sample : room) {
            EXPECT_EQ(sample.all_instructions - sample.guest_instructions, one.hyp);
            EXPECT_EQ(sample.ticks, 5U);
        }
    }
}

TEST(HypercallLoop, AStretchThatWasOverTooEarlyIsTakenAgain) {
    FakeMachine machine;
    machine.interrupted_in = 2;
    std::vector<Sample> room(2 * kCallsOfStretch);
    SampleLog<Sample> log(room);
    hypercall_loop(machine, measure::Hypercall::kVectorOnly, log);
    EXPECT_EQ(log.count(), 2 * kCallsOfStretch);
    EXPECT_EQ(machine.stretches, 3U);
    EXPECT_EQ(machine.calls, 3 * (1 + kCallsOfStretch)) << "one of each warms up";
    EXPECT_FALSE(machine.vector_only);
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.all_instructions - sample.guest_instructions, 1U);
    }
}

}  // namespace
}  // namespace hm::guest
