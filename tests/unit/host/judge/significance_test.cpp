// Whether a difference is more than chance. Expected numbers are those of published tables, of the
// definition over all pairs, and of the density integrated step by step.

#include "host/judge/significance.hpp"

#include <gtest/gtest.h>

namespace hm::host::testing {
namespace {

TEST(HostSignificance, StudentsTailsAreThoseOfPublishedTables) {
    // Two-sided 5 % points.
    for (const auto& [degrees, t] : std::vector<std::pair<std::size_t, double>>{
             {1, 12.706}, {2, 4.303}, {3, 3.182}, {4, 2.776}, {5, 2.571}, {9, 2.262}}) {
        EXPECT_NEAR(student_tails(t, degrees), 0.05, 0.0001) << degrees;
        EXPECT_NEAR(student_tails(-t, degrees), 0.05, 0.0001) << degrees;
    }
    EXPECT_NEAR(student_tails(5, 9), 0.000738968, 1e-8);
    EXPECT_NEAR(student_tails(10, 4), 0.000562004, 1e-8);
    EXPECT_EQ(student_tails(0, 7), 1);
}

TEST(HostSignificance, MannWhitneyIsThatOfAllPairs) {
    EventCounts low;
    EventCounts high;
    for (int i = 1; i <= 10; ++i) {
        low.emplace_back(i, 1);
        high.emplace_back(i + 5, 1);
    }
    EXPECT_NEAR(mann_whitney(low, high).value_or(0), 0.005075392, 1e-8);
    EXPECT_NEAR(mann_whitney(high, low).value_or(0), 0.005075392, 1e-8);
    // With ties, as counts in any order.
    EXPECT_NEAR(mann_whitney({{2, 2}, {1, 8}}, {{1, 3}, {2, 7}}).value_or(0), 0.031823502, 1e-8);
    EXPECT_EQ(mann_whitney({{7, 100}}, {{7, 50}}), 1);
    EXPECT_LT(mann_whitney({{7, 1000}}, {{8, 1000}}).value_or(1), 1e-100);
}

TEST(HostSignificance, AFewEventsOrRunsAreNotTested) {
    EXPECT_EQ(mann_whitney({{1, 7}}, {{2, 1000}}), std::nullopt);
    EXPECT_EQ(mann_whitney({}, {}), std::nullopt);
    EXPECT_NE(mann_whitney({{1, 8}}, {{2, 8}}), std::nullopt);
    EXPECT_EQ(welch({1, 2}, {3, 4, 5}), std::nullopt);
}

TEST(HostSignificance, WelchTakesTheDegreesOfTheSmallerSide) {
    EXPECT_NEAR(welch({10, 11, 12}, {20, 21, 23, 20}).value_or(0), 0.008230593, 1e-8);
    EXPECT_EQ(welch({5, 5, 5}, {5, 5, 5}), 1);
    EXPECT_EQ(welch({5, 5, 5}, {6, 6, 6}), 0);
}

TEST(HostSignificance, HolmMultipliesByHowManyTestsAreLeft) {
    const std::vector<double> corrected = holm({0.03, 0.01, 0.5, 0.02});
    ASSERT_EQ(corrected.size(), 4U);
    EXPECT_DOUBLE_EQ(corrected[1], 0.04);
    EXPECT_DOUBLE_EQ(corrected[3], 0.06);
    EXPECT_DOUBLE_EQ(corrected[0], 0.06);
    EXPECT_DOUBLE_EQ(corrected[2], 0.5);
    EXPECT_EQ(holm({0.9}), std::vector<double>{0.9});
    EXPECT_TRUE(holm({}).empty());
}

}  // namespace
}  // namespace hm::host::testing
