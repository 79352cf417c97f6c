#include "hyp/core/scheduler.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

constexpr std::uint64_t kStart = 5'000;
constexpr std::uint64_t kSlice = 1'000;

struct Pair {
    Vcpu first;
    Vcpu second;
    Scheduler scheduler;

    explicit Pair(Policy policy, bool ends_in_turn = false)
        : scheduler(first, second, begin_schedule(policy, kSlice, kStart), ends_in_turn) {
        second.turn = 1;
    }
};

TEST(Scheduler, OneThatIsAloneHasNoDeadline) {
    const Vcpu alone;
    const Scheduler scheduler;
    EXPECT_FALSE(scheduler.shares());
    EXPECT_FALSE(scheduler.boosts());
    EXPECT_EQ(scheduler.deadline(alone), kNever);
}

TEST(Scheduler, TheTimerIsWantedAtTheEndOfTheWindowOrWhenTheSleeperWakesBeforeThat) {
    Pair pair(Policy::kShared);
    EXPECT_EQ(pair.scheduler.deadline(pair.first), kStart + kSlice);
    pair.second.deadline = kStart + 10;
    EXPECT_EQ(pair.scheduler.deadline(pair.first), kStart + 10);
    EXPECT_EQ(pair.scheduler.deadline(pair.second), kStart + kSlice)
        << "the deadline of the one that runs is its own timer's";
    pair.second.deadline = kStart + 2 * kSlice;
    EXPECT_EQ(pair.scheduler.deadline(pair.first), kStart + kSlice);
}

TEST(Scheduler, TheOneThatIsChosenFollowsTheWindows) {
    Pair pair(Policy::kShared);
    EXPECT_EQ(&pair.scheduler.chosen(), &pair.first);
    EXPECT_EQ(&pair.scheduler.other_than(pair.first), &pair.second);
    EXPECT_FALSE(pair.scheduler.on_time(kStart + kSlice));
    EXPECT_EQ(&pair.scheduler.chosen(), &pair.second);
    EXPECT_EQ(&pair.scheduler.other_than(pair.second), &pair.first);
}

TEST(Scheduler, ADeadlineWakesOnce) {
    Pair pair(Policy::kBoosted);
    pair.second.deadline = kStart + 10;
    EXPECT_FALSE(pair.scheduler.wakes(pair.second, kStart + 9));
    EXPECT_FALSE(pair.second.deadline_seen);
    EXPECT_TRUE(pair.scheduler.wakes(pair.second, kStart + 10));
    EXPECT_TRUE(pair.second.deadline_seen);
    EXPECT_EQ(pair.second.deadline, kNever);
    EXPECT_FALSE(pair.scheduler.wakes(pair.second, kStart + 11));
}

TEST(Scheduler, ADeadlineBringsTheCoreOnlyWhereItIsBoosted) {
    Pair boosted(Policy::kBoosted);
    boosted.second.deadline = kStart + 10;
    EXPECT_TRUE(boosted.scheduler.wakes(boosted.second, kStart + 10));
    EXPECT_EQ(&boosted.scheduler.chosen(), &boosted.second);
    EXPECT_TRUE(boosted.scheduler.boosts());
    boosted.scheduler.on_yield(kStart + 20);
    EXPECT_EQ(&boosted.scheduler.chosen(), &boosted.first);
    EXPECT_FALSE(boosted.scheduler.boosts());

    Pair shared(Policy::kShared);
    shared.second.deadline = kStart + 10;
    EXPECT_TRUE(shared.scheduler.wakes(shared.second, kStart + 10));
    EXPECT_EQ(&shared.scheduler.chosen(), &shared.first);
}

TEST(Scheduler, AnInterruptInHandKeepsTheCoreAtTheEndOfAWindowWhereItIsBoosted) {
    Pair shared(Policy::kShared);
    (void)shared.scheduler.on_time(kStart + kSlice);
    EXPECT_FALSE(shared.scheduler.ends_window_of(shared.first));

    Pair pair(Policy::kBoosted);
    EXPECT_FALSE(pair.scheduler.ends_window_of(pair.first));
    (void)pair.scheduler.on_time(kStart + kSlice);
    EXPECT_TRUE(pair.scheduler.ends_window_of(pair.first));
    pair.scheduler.on_interrupt_in_hand(pair.first, kStart + kSlice);
    EXPECT_EQ(&pair.scheduler.chosen(), &pair.first);
    EXPECT_TRUE(pair.scheduler.boosts());
    // It waits after 30: the other has its whole window, and the next one of this is 30 shorter.
    pair.scheduler.on_yield(kStart + kSlice + 30);
    EXPECT_EQ(&pair.scheduler.chosen(), &pair.second);
    EXPECT_EQ(pair.scheduler.deadline(pair.second), kStart + 2 * kSlice + 30);
    (void)pair.scheduler.on_time(kStart + 2 * kSlice + 30);
    EXPECT_EQ(pair.scheduler.deadline(pair.first), kStart + 3 * kSlice);
}

TEST(Scheduler, ARunEndsWhereTheNextWindowOfTheFirstWouldBegin) {
    Pair pair(Policy::kShared, true);
    EXPECT_TRUE(pair.scheduler.ends_in_turn());
    pair.scheduler.on_finish();
    EXPECT_FALSE(pair.scheduler.on_time(kStart + kSlice)) << "the other's window comes first";
    EXPECT_FALSE(pair.scheduler.on_time(kStart + kSlice + 1));
    EXPECT_TRUE(pair.scheduler.on_time(kStart + 2 * kSlice));
}

TEST(Scheduler, ARunGoesOnWhereTheFirstHasNotFinished) {
    Pair pair(Policy::kShared, true);
    EXPECT_FALSE(pair.scheduler.on_time(kStart + kSlice));
    EXPECT_FALSE(pair.scheduler.on_time(kStart + 2 * kSlice));
}

}  // namespace
}  // namespace hm::hyp
