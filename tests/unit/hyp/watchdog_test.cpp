#include "hyp/core/watchdog.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

TEST(Watchdog, ExpiresAtItsDeadlineAndNotBefore) {
    const Watchdog watchdog(100, 500, 1'000);
    EXPECT_EQ(watchdog.deadline(), 1'100U);
    EXPECT_FALSE(watchdog.has_expired(1'099));
    EXPECT_TRUE(watchdog.has_expired(1'100));
}

TEST(Watchdog, ProgressPushesItAwayByTheWholePatience) {
    Watchdog watchdog(100, 500, 1'000);
    watchdog.push_away(1'090);
    EXPECT_EQ(watchdog.deadline(), 1'190U);
    EXPECT_FALSE(watchdog.has_expired(1'100));
}

TEST(Watchdog, NothingPushesItBeyondTheBudget) {
    Watchdog watchdog(100, 250, 1'000);
    watchdog.push_away(1'090);
    watchdog.push_away(1'180);
    EXPECT_EQ(watchdog.deadline(), 1'250U);
    EXPECT_FALSE(watchdog.has_expired(1'249));
    EXPECT_FALSE(watchdog.is_spent(1'249));
    watchdog.push_away(1'249);
    EXPECT_TRUE(watchdog.has_expired(1'250));
    EXPECT_TRUE(watchdog.is_spent(1'250));
}

TEST(Watchdog, WithoutABudgetNoProgressHelps) {
    Watchdog watchdog(100, 0, 1'000);
    EXPECT_FALSE(watchdog.has_expired(1'099));
    watchdog.push_away(1'050);
    EXPECT_FALSE(watchdog.is_spent(1'099));
    EXPECT_TRUE(watchdog.has_expired(1'100));
    EXPECT_TRUE(watchdog.is_spent(1'100));
}

TEST(Watchdog, IsNotSpentWhereOnlyItsPatienceIs) {
    const Watchdog watchdog(100, 500, 1'000);
    EXPECT_TRUE(watchdog.has_expired(1'100));
    EXPECT_FALSE(watchdog.is_spent(1'100));
    EXPECT_FALSE(Watchdog().is_spent(kNever - 1));
}

TEST(Watchdog, NeverExpiresWhereItWasNotStarted) {
    EXPECT_EQ(Watchdog().deadline(), kNever);
    EXPECT_FALSE(Watchdog().has_expired(kNever - 1));
}

}  // namespace
}  // namespace hm::hyp
