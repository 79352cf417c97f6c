#include "measure/histogram.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace hm::measure {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

using Buckets = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

Buckets buckets_of(const Histogram& histogram) {
    Buckets buckets;
    histogram.for_each_bucket(
        [&](std::uint64_t low, std::uint32_t count) { buckets.emplace_back(low, count); });
    return buckets;
}

TEST(Histogram, KeepsEveryValueBelow256Exactly) {
    for (std::uint64_t value = 0; value < 256; ++value) {
        EXPECT_EQ(Histogram::bucket_of(value).low, value);
        EXPECT_EQ(Histogram::bucket_of(value).width, 1u);
        EXPECT_EQ(Histogram::bucket_of(value).middle(), value);
    }
}

TEST(Histogram, CutsEveryOctaveAbove256IntoBucketsOfEqualWidth) {
    EXPECT_EQ(Histogram::bucket_of(256).width, 2u);
    EXPECT_EQ(Histogram::bucket_of(511).width, 2u);
    EXPECT_EQ(Histogram::bucket_of(511).low, 510u);
    EXPECT_EQ(Histogram::bucket_of(512).width, 4u);
    EXPECT_EQ(Histogram::bucket_of(1'000'000).width, 4096u);
    EXPECT_EQ(Histogram::bucket_of(kLargest).width, std::uint64_t{1} << 56);
}

TEST(Histogram, BucketsFollowEachOtherWithoutGapOrOverlap) {
    std::uint64_t expected_low = 0;
    std::size_t buckets = 0;
    while (true) {
        const Bucket bucket = Histogram::bucket_of(expected_low);
        ASSERT_EQ(bucket.low, expected_low);
        const std::uint64_t last = bucket.low + (bucket.width - 1);
        ASSERT_EQ(Histogram::bucket_of(last).low, bucket.low);
        ++buckets;
        if (last == kLargest) {
            break;
        }
        expected_low = last + 1;
    }
    EXPECT_EQ(buckets, Histogram::kBuckets);
}

TEST(Histogram, StandsForEveryValueWithinOnePercent) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t value = random() >> (random() % 64);
        const Bucket bucket = Histogram::bucket_of(value);
        ASSERT_LE(bucket.low, value);
        ASSERT_LT(value - bucket.low, bucket.width);
        const std::uint64_t middle = bucket.middle();
        const std::uint64_t error = middle > value ? middle - value : value - middle;
        ASSERT_LE(error, value / 250) << value;
    }
}

TEST(Histogram, TellsItsBucketsFromLowToHighWithTheirCounts) {
    auto histogram = std::make_unique<Histogram>();
    for (const std::uint64_t value : {1001, 7, 1000, 255, 7, 1003}) {
        histogram->add(value);
    }
    EXPECT_EQ(histogram->count(), 6u);
    EXPECT_EQ(buckets_of(*histogram), (Buckets{{7, 2}, {255, 1}, {1000, 3}}));
}

TEST(Histogram, TakesTheSmallestAndTheLargestValueThereIs) {
    auto histogram = std::make_unique<Histogram>();
    histogram->add(0);
    histogram->add(kLargest);
    EXPECT_EQ(buckets_of(*histogram), (Buckets{{0, 1}, {std::uint64_t{255} << 56, 1}}));
}

TEST(Histogram, FindsTheBucketOfEveryRank) {
    auto histogram = std::make_unique<Histogram>();
    for (const std::uint64_t value : {10, 10, 20, 300}) {
        histogram->add(value);
    }
    EXPECT_EQ(histogram->bucket_at_rank(1).low, 10u);
    EXPECT_EQ(histogram->bucket_at_rank(2).low, 10u);
    EXPECT_EQ(histogram->bucket_at_rank(3).low, 20u);
    EXPECT_EQ(histogram->bucket_at_rank(4).low, 300u);
}

TEST(Histogram, AnswersARankBeyondItsEndsWithTheSmallestOrLargest) {
    auto histogram = std::make_unique<Histogram>();
    histogram->add(10);
    histogram->add(20);
    EXPECT_EQ(histogram->bucket_at_rank(0).low, 10u);
    EXPECT_EQ(histogram->bucket_at_rank(3).low, 20u);
}

TEST(Histogram, IsEmptyAfterItWasCleared) {
    auto histogram = std::make_unique<Histogram>();
    histogram->add(5);
    histogram->clear();
    EXPECT_EQ(histogram->count(), 0u);
    EXPECT_EQ(buckets_of(*histogram), Buckets{});
    histogram->add(7);
    EXPECT_EQ(buckets_of(*histogram), (Buckets{{7, 1}}));
}

TEST(Histogram, CountsAnewInAllBucketsAfterItWasCleared) {
    auto histogram = std::make_unique<Histogram>();
    const Buckets once{{0, 1}, {5, 1}, {255, 1}, {256, 1}, {4096, 1}, {std::uint64_t{1} << 63, 1}};
    for (int round = 0; round < 3; ++round) {
        for (const auto& [low, count] : once) {
            histogram->add(low);
        }
        EXPECT_EQ(buckets_of(*histogram), once) << "round " << round;
        EXPECT_EQ(histogram->count(), once.size());
        histogram->clear();
        EXPECT_EQ(buckets_of(*histogram), Buckets{});
    }
}

}  // namespace
}  // namespace hm::measure
