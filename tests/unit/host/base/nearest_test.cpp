// What somebody may have meant.

#include "host/base/nearest.hpp"

#include <gtest/gtest.h>

namespace hm::host::testing {
namespace {

TEST(HostNearest, ADistanceCountsLettersThatAreWrong) {
    EXPECT_EQ(distance("period", "period"), 0U);
    EXPECT_EQ(distance("perod", "period"), 1U);
    EXPECT_EQ(distance("peirod", "period"), 1U) << "two neighbours swapped";
    EXPECT_EQ(distance("periods", "period"), 1U);
    EXPECT_EQ(distance("perxod", "period"), 1U);
    EXPECT_EQ(distance("kitten", "sitting"), 3U);
    EXPECT_EQ(distance("", "abc"), 3U);
}

TEST(HostNearest, ANameThatIsNearIsFound) {
    const std::vector<std::string> names{"count", "period", "busy_period", "pages"};
    EXPECT_EQ(nearest("perid", names), "period");
    EXPECT_EQ(nearest("page", names), "pages");
    EXPECT_EQ(nearest("busy", names), "busy_period") << "its beginning";
    EXPECT_EQ(nearest("xyzzy", names), "");
    EXPECT_EQ(nearest("", names), "");
    EXPECT_EQ(nearest(std::string(100'000, 'a'), names), "");
}

}  // namespace
}  // namespace hm::host::testing
