#include "hyp/core/watchdog.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

TEST(Watchdog, ExpiresAtItsDeadlineAndNotBefore) {
    const Watchdog watchdog(100, 1'000);
    EXPECT_EQ(watchdog.deadline(), 1'100U);
    EXPECT_FALSE(watchdog.has_expired(1'099));
    EXPECT_TRUE(watchdog.has_expired(1'100));
}

TEST(Watchdog, ProgressPushesItAwayByTheWholePatience) {
    Watchdog watchdog(100, 1'000);
    watchdog.push_away(1'090);
    EXPECT_EQ(watchdog.deadline(), 1'190U);
    EXPECT_FALSE(watchdog.has_expired(1'100));
}

TEST(Watchdog, NeverExpiresWhereItWasNotStarted) {
    EXPECT_EQ(Watchdog().deadline(), kNever);
    EXPECT_FALSE(Watchdog().has_expired(kNever - 1));
}

}  // namespace
}  // namespace hm::hyp
