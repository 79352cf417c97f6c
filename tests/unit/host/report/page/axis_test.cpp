// Where values lie on an axis, and its marks.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "host/report/page/axis.hpp"

namespace hm::host::page {
namespace {

using Marks = std::vector<double>;

TEST(PageAxis, ALinearAxisHasEqualStepsAndHoldsWhatIsBeyondIt) {
    const Axis axis(ScaleKind::kLinear, 0, 10, 100, 300);
    EXPECT_EQ(axis.at(0), 100);
    EXPECT_EQ(axis.at(2.5), 150);
    EXPECT_EQ(axis.at(10), 300);
    EXPECT_EQ(axis.at(99), 300);
    EXPECT_EQ(axis.at(-1), 100);
}

TEST(PageAxis, ALogarithmicAxisHasEqualStepsForEqualRatios) {
    const Axis axis(ScaleKind::kLog10, 10, 1000, 0, 200);
    EXPECT_NEAR(axis.at(100), 100, 1e-9);
    EXPECT_NEAR(axis.at(1000), 200, 1e-9);
    EXPECT_EQ(axis.at(0), 0);
    const Axis upwards(ScaleKind::kLog2, 1, 16, 400, 0);
    EXPECT_NEAR(upwards.at(4), 200, 1e-9);
}

TEST(PageAxis, MarksAreRoundAndNotMoreThanThereIsRoomFor) {
    EXPECT_EQ(Axis(ScaleKind::kLinear, 0, 1, 0, 1).marks(5), (Marks{0, 0.2, 0.4, 3 * 0.2, 0.8, 1}));
    EXPECT_FALSE(std::signbit(Axis(ScaleKind::kLinear, 0, 1, 0, 1).marks(5).front()));
    EXPECT_EQ(Axis(ScaleKind::kLinear, 0, 430, 0, 1).marks(5), (Marks{0, 100, 200, 300, 400}));
    EXPECT_EQ(Axis(ScaleKind::kLog10, 25, 2e7, 0, 1).marks(10),
              (Marks{100, 1000, 10000, 100000, 1000000, 10000000}));
    EXPECT_EQ(Axis(ScaleKind::kLog10, 25, 2e7, 0, 1).marks(3), (Marks{100, 10000, 1000000}));
    EXPECT_EQ(Axis(ScaleKind::kLog10, 3, 250, 0, 1).marks(6), (Marks{5, 10, 20, 50, 100, 200}));
    EXPECT_EQ(Axis(ScaleKind::kLog2, 65536, 262144, 0, 1).marks(9), (Marks{65536, 131072, 262144}));
}

TEST(PageAxis, OneWithoutLengthOrWithoutALogarithmIsStillAnAxis) {
    EXPECT_TRUE(std::isfinite(Axis(ScaleKind::kLinear, 5, 5, 0, 10).at(5)));
    EXPECT_TRUE(std::isfinite(Axis(ScaleKind::kLog10, 0, 100, 0, 10).at(0)));
    EXPECT_TRUE(std::isfinite(Axis(ScaleKind::kLog10, 0, 0, 0, 10).at(0)));
}

TEST(PageAxis, MarksHaveShortNames) {
    EXPECT_EQ(mark_text(0.2), "0.2");
    EXPECT_EQ(mark_text(100), "100");
    EXPECT_EQ(mark_text(10'000), "10k");
    EXPECT_EQ(mark_text(2'500'000), "2.5M");
    EXPECT_EQ(mark_text(1e9), "1G");
}

}  // namespace
}  // namespace hm::host::page
