#include "hyp/core/schedule.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hm::hyp {
namespace {

constexpr std::uint64_t kStart = 5'000;
constexpr std::uint64_t kSlice = 1'000;

Schedule shared() { return begin_schedule(Policy::kShared, kSlice, kStart); }
Schedule boosted() { return begin_schedule(Policy::kBoosted, kSlice, kStart); }

TEST(Schedule, TheFirstVmBeginsAndHasASlice) {
    const Schedule schedule = shared();
    EXPECT_EQ(schedule.running, 0U);
    EXPECT_EQ(next_event(schedule), kStart + kSlice);
}

TEST(Schedule, VmsTakeTurnsAtTimesThatAreFixedFromTheBeginning) {
    Schedule schedule = shared();
    for (std::uint64_t turn = 1; turn <= 10; ++turn) {
        // The next window ends on time, however late the timer is taken.
        on_time(schedule, kStart + turn * kSlice + turn * 7);
        EXPECT_EQ(schedule.running, turn % 2);
        EXPECT_EQ(next_event(schedule), kStart + (turn + 1) * kSlice);
    }
}

TEST(Schedule, NothingChangesBeforeAWindowEnds) {
    Schedule schedule = shared();
    on_time(schedule, kStart + kSlice - 1);
    EXPECT_EQ(schedule.running, 0U);
    on_time(schedule, kStart + kSlice);
    EXPECT_EQ(schedule.running, 1U);
}

TEST(Schedule, WindowsThatPassedUnseenArePassedOver) {
    Schedule schedule = shared();
    on_time(schedule, kStart + 3 * kSlice + 1);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_EQ(next_event(schedule), kStart + 4 * kSlice);
}

TEST(Schedule, ASharedDeadlineWaitsForItsOwnersWindow) {
    Schedule schedule = shared();
    on_time(schedule, kStart + kSlice);
    on_deadline(schedule, 0, kStart + kSlice + 10);
    EXPECT_EQ(schedule.running, 1U);
    on_time(schedule, kStart + 2 * kSlice);
    EXPECT_EQ(schedule.running, 0U);
}

TEST(Schedule, ABoostedDeadlineBringsItsOwnerTheCoreAtOnce) {
    Schedule schedule = boosted();
    on_time(schedule, kStart + kSlice);
    on_deadline(schedule, 0, kStart + kSlice + 10);
    EXPECT_EQ(schedule.running, 0U);
    EXPECT_TRUE(schedule.boosted);
}

TEST(Schedule, ADeadlineOfTheVmThatRunsChangesNothing) {
    Schedule schedule = boosted();
    on_deadline(schedule, 0, kStart + 10);
    EXPECT_EQ(schedule.running, 0U);
    EXPECT_FALSE(schedule.boosted);
}

TEST(Schedule, TheOtherVmGetsBackWhatABoostTookFromIt) {
    Schedule schedule = boosted();
    on_time(schedule, kStart + kSlice);
    on_deadline(schedule, 0, kStart + kSlice + 400);
    on_yield(schedule, kStart + kSlice + 450);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_FALSE(schedule.boosted);
    EXPECT_EQ(next_event(schedule), kStart + 2 * kSlice + 50);
    // The next window of the one that took it is shorter by as much; then windows are on time
    // again.
    on_time(schedule, kStart + 2 * kSlice + 50);
    EXPECT_EQ(schedule.running, 0U);
    EXPECT_EQ(next_event(schedule), kStart + 3 * kSlice);
}

TEST(Schedule, ABoostLastsForASliceAtMost) {
    Schedule schedule = boosted();
    on_time(schedule, kStart + kSlice);
    on_deadline(schedule, 0, kStart + kSlice + 400);
    EXPECT_EQ(next_event(schedule), kStart + 2 * kSlice + 400);
    on_time(schedule, kStart + 2 * kSlice + 399);
    EXPECT_EQ(schedule.running, 0U);
    on_time(schedule, kStart + 2 * kSlice + 400);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_EQ(next_event(schedule), kStart + 3 * kSlice);
}

TEST(Schedule, AWindowThatIsOwedAsAWholeIsPassedOver) {
    Schedule schedule = boosted();
    on_time(schedule, kStart + kSlice);
    on_deadline(schedule, 0, kStart + kSlice);
    on_time(schedule, kStart + 2 * kSlice);  // the boost took a whole slice
    EXPECT_EQ(schedule.running, 1U);
    on_time(schedule, kStart + 3 * kSlice);
    EXPECT_EQ(schedule.running, 1U) << "the first VM has had its window already";
    EXPECT_EQ(next_event(schedule), kStart + 4 * kSlice);
    EXPECT_EQ(schedule.debt[0], 0U);
}

TEST(Schedule, ADebtOfTwoSlicesIsPaidInTwoWindows) {
    Schedule schedule = boosted();
    on_time(schedule, kStart + kSlice);
    for (const std::uint64_t boost : {1, 2}) {
        on_deadline(schedule, 0, kStart + boost * kSlice);
        on_time(schedule, kStart + (boost + 1) * kSlice);
    }
    EXPECT_EQ(schedule.debt[0], 2 * kSlice);
    for (const std::uint64_t skipped : {4, 5}) {
        on_time(schedule, kStart + skipped * kSlice);
        EXPECT_EQ(schedule.running, 1U);
        EXPECT_EQ(next_event(schedule), kStart + (skipped + 1) * kSlice);
    }
    on_time(schedule, kStart + 6 * kSlice);
    EXPECT_EQ(schedule.running, 0U);
}

TEST(Schedule, AVmThatYieldsGivesTheOtherTheRestOfItsWindow) {
    Schedule schedule = shared();
    on_yield(schedule, kStart + 100);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_EQ(next_event(schedule), kStart + kSlice);
    on_time(schedule, kStart + kSlice);
    EXPECT_EQ(schedule.running, 1U);
    on_time(schedule, kStart + 2 * kSlice);
    EXPECT_EQ(schedule.running, 0U);
}

TEST(Schedule, WhatAVmTakesBackInItsOwnWindowIsNoDebt) {
    Schedule schedule = boosted();
    on_yield(schedule, kStart + 100);
    on_deadline(schedule, 0, kStart + 200);
    EXPECT_EQ(schedule.running, 0U);
    EXPECT_FALSE(schedule.boosted);
    on_yield(schedule, kStart + 300);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_EQ(schedule.debt, (std::array<std::uint64_t, 2>{}));
}

TEST(Schedule, ADeadlineOfTheWindowsOwnerEndsABoostAndWhatItTookIsOwed) {
    Schedule schedule = boosted();
    on_time(schedule, kStart + kSlice);
    on_deadline(schedule, 0, kStart + kSlice + 400);
    on_deadline(schedule, 1, kStart + kSlice + 450);
    EXPECT_EQ(schedule.running, 1U);
    EXPECT_FALSE(schedule.boosted);
    EXPECT_EQ(schedule.debt, (std::array<std::uint64_t, 2>{50, 0}));
    EXPECT_EQ(next_event(schedule), kStart + 2 * kSlice + 50);
    on_time(schedule, kStart + 2 * kSlice + 50);
    EXPECT_EQ(next_event(schedule), kStart + 3 * kSlice);
}

/// Both get the same share of the core, whatever is boosted, as long as a VM's boosts between two
/// of its windows fit into one.
TEST(Schedule, BoostsDoNotChangeWhoGetsHowMuch) {
    Schedule schedule = boosted();
    std::array<std::uint64_t, 2> ran{};
    std::uint64_t now = kStart;
    std::uint32_t random = 12345;
    const auto advance = [&](std::uint64_t to) {
        ran[schedule.running] += to - now;
        now = to;
    };
    constexpr std::uint64_t kEnd = kStart + 2'000 * kSlice;
    while (now < kEnd) {
        random = random * 1664525 + 1013904223;
        const std::uint64_t deadline = now + random % (3 * kSlice);
        while (next_event(schedule) <= deadline) {
            advance(next_event(schedule));
            on_time(schedule, now);
        }
        advance(deadline);
        on_deadline(schedule, 0, now);
        if (schedule.boosted) {
            advance(now + random % 90);
            if (now >= next_event(schedule)) {
                on_time(schedule, now);
            } else if (random % 2 == 0) {
                on_yield(schedule, now);
            } else {
                on_deadline(schedule, 1, now);
            }
        }
        EXPECT_LT(schedule.debt[0], kSlice);
    }
    const double share = static_cast<double>(ran[1]) / static_cast<double>(ran[0] + ran[1]);
    EXPECT_NEAR(share, 0.5, 0.002);
}

}  // namespace
}  // namespace hm::hyp
