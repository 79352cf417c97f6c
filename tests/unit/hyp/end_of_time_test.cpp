// Times, slices and patience at the ends of their ranges: nothing wraps around.

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "hyp/core/scheduler.hpp"
#include "hyp/core/vcpu_state.hpp"
#include "hyp/core/watchdog.hpp"

namespace hm::hyp {
namespace {

/// Who runs, and when the next event is, after each of some random events. `origin`: the time at
/// which the schedule begins; the events come in the ticks after it.
std::vector<std::uint64_t> history(Policy policy, std::uint64_t origin, std::uint64_t slice,
                                   std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Schedule schedule = begin_schedule(policy, slice, origin);
    std::uint64_t now = origin;
    std::vector<std::uint64_t> found;
    for (int i = 0; i < 60; ++i) {
        now += random() % (slice + slice / 2);
        const std::uint64_t event = random() % 4;
        on_time(schedule, now);
        if (event == 0) {
            on_yield(schedule, now);
        } else if (event == 1) {
            on_deadline(schedule, static_cast<std::uint32_t>(random() % 2), now);
        }
        found.push_back(schedule.running);
        found.push_back(next_event(schedule) - origin);
        // Due at once only where a boost or a window was over when this one began.
        EXPECT_GE(next_event(schedule) + slice, now);
    }
    return found;
}

TEST(EndOfTime, ASchedulesHistoryIsTheSameWhereverTimeBegins) {
    constexpr std::uint64_t kSlice = 1'000;
    constexpr std::uint64_t kLength = 60 * 2 * kSlice;
    for (const Policy policy : {Policy::kShared, Policy::kBoosted}) {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const auto expected = history(policy, 0, kSlice, seed);
            for (const std::uint64_t origin :
                 {std::uint64_t{1}, (std::uint64_t{1} << 32) - kLength / 2,
                  (std::uint64_t{1} << 56) - kLength / 2, kEndOfTime - kLength}) {
                ASSERT_EQ(history(policy, origin, kSlice, seed), expected) << seed << " " << origin;
            }
        }
    }
}

TEST(EndOfTime, ASliceOfAnyLengthEndsAfterItBegins) {
    for (const std::uint64_t slice :
         {std::uint64_t{0}, std::uint64_t{1}, kLongest, kLongest + 1, kNever - 1, kNever}) {
        for (const std::uint64_t now : {std::uint64_t{0}, std::uint64_t{1}, kEndOfTime - 1}) {
            Schedule schedule = begin_schedule(Policy::kBoosted, slice, now);
            EXPECT_GT(next_event(schedule), now);
            on_time(schedule, now);
            EXPECT_EQ(schedule.running, 0U);
            on_deadline(schedule, 1, now);
            EXPECT_TRUE(schedule.boosted);
            EXPECT_GT(next_event(schedule), now);
        }
    }
}

TEST(EndOfTime, AWindowOfTheLongestSliceIsFollowedByAnother) {
    Schedule schedule = begin_schedule(Policy::kShared, kNever, kEndOfTime - 1 - kLongest);
    on_time(schedule, kEndOfTime - 1);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_EQ(next_event(schedule), kEndOfTime - 1 + kLongest);
}

TEST(EndOfTime, PatienceOfAnyLengthEndsInTheFuture) {
    for (const std::uint64_t patience : {std::uint64_t{1}, kLongest, kNever}) {
        for (const std::uint64_t now : {std::uint64_t{0}, kEndOfTime - 1}) {
            Watchdog watchdog(patience, patience, now);
            EXPECT_FALSE(watchdog.has_expired(now)) << patience << " " << now;
            watchdog.push_away(now);
            EXPECT_FALSE(watchdog.has_expired(now)) << patience << " " << now;
        }
    }
}

TEST(EndOfTime, ATimerThatIsSetToNeverHasNoDeadlineInThePast) {
    const auto deadline = [](std::uint64_t compare, std::uint64_t offset) {
        return deadline_of({.cval = cpu::CntvCval::from(compare),
                            .offset = offset,
                            .ctl = cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, true)},
                           false);
    };
    EXPECT_EQ(deadline(kNever, 0), kNever);
    EXPECT_EQ(deadline(kNever, 1), kNever);
    EXPECT_EQ(deadline(kNever - 10, 10), kNever);
    EXPECT_EQ(deadline(kNever - 10, 11), kNever);
    EXPECT_EQ(deadline(kNever, kEndOfTime), kNever);
    EXPECT_EQ(deadline(1, kEndOfTime), kEndOfTime + 1);
}

}  // namespace
}  // namespace hm::hyp
