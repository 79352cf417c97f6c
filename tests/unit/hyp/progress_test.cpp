#include "hyp/core/progress.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

TEST(Progress, GrowsWithEachStepUpToItsEnd) {
    Progress progress;
    EXPECT_TRUE(progress.grows(1, 10));
    EXPECT_TRUE(progress.grows(9, 10));
    EXPECT_TRUE(progress.grows(10, 10));
}

TEST(Progress, IsNotShownByTheSameNumberAgainNorByASmallerOne) {
    Progress progress;
    EXPECT_FALSE(progress.grows(0, 10));
    EXPECT_TRUE(progress.grows(5, 10));
    EXPECT_FALSE(progress.grows(5, 10));
    EXPECT_FALSE(progress.grows(4, 10));
    EXPECT_FALSE(progress.grows(0, 10));
    EXPECT_TRUE(progress.grows(6, 10));
}

TEST(Progress, IsNotShownBeyondItsEnd) {
    Progress progress;
    EXPECT_FALSE(progress.grows(11, 10));
    EXPECT_FALSE(progress.grows(1, 0));
    EXPECT_TRUE(progress.grows(10, 10));
    EXPECT_FALSE(progress.grows(UINT32_MAX, 10));
}

TEST(Progress, DoesNotGrowByMovingItsEnd) {
    Progress progress;
    EXPECT_TRUE(progress.grows(10, 10));
    EXPECT_FALSE(progress.grows(11, 11));
    EXPECT_FALSE(progress.grows(11, UINT32_MAX));
}

}  // namespace
}  // namespace hm::hyp
