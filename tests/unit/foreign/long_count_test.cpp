#include "foreign/core/long_count.hpp"

#include <gtest/gtest.h>

namespace hm::foreign {
namespace {

constexpr std::uint64_t kOnce = std::uint64_t{1} << 32;
constexpr std::uint64_t kMuch = kOnce + kOnce / 2;

/// What `long_count` makes of a stretch of `wanted`, which began at `before`.
std::optional<std::uint64_t> counted(std::uint64_t before, std::uint64_t wanted,
                                     std::uint64_t most) {
    const std::uint64_t end = before + wanted;
    return long_count(static_cast<std::uint32_t>(wanted),
                      {.value = static_cast<std::uint32_t>(end), .has_overflowed = end >= kOnce},
                      most);
}

TEST(LongCount, BelowTheCountersEndItIsTheDifference) {
    EXPECT_EQ(counted(0, 0, 0), 0U);
    EXPECT_EQ(counted(1000, 5, kMuch), 5U);
    EXPECT_EQ(counted(1000, UINT32_MAX - 1000, kMuch), UINT32_MAX - 1000U);
}

TEST(LongCount, OneOverflowIsAdded) {
    EXPECT_EQ(counted(1000, kOnce, kMuch), kOnce);
    EXPECT_EQ(counted(0, kOnce + 7, kMuch), kOnce + 7);
    EXPECT_EQ(counted(1'000'000, kOnce + kOnce / 4, kMuch), kOnce + kOnce / 4);
}

TEST(LongCount, WhatCameBeforeMayBeWhatOverflows) {
    EXPECT_EQ(counted(1000, kOnce - 500, kMuch), kOnce - 500);
    EXPECT_EQ(counted(kOnce - 10, 20, kMuch), 20U);
}

TEST(LongCount, TwoOverflowsCannotBeTold) {
    EXPECT_EQ(counted(1000, kOnce, 2 * kOnce), std::nullopt);
    EXPECT_EQ(counted(1000, 10, 2 * kOnce), 10U) << "it has not overflowed, so neither twice";
}

}  // namespace
}  // namespace hm::foreign
