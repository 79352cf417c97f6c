#include "measure/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace hm::measure {
namespace {

std::unique_ptr<Samples> samples_of(const std::vector<std::uint64_t>& values) {
    auto samples = std::make_unique<Samples>();
    for (const std::uint64_t value : values) {
        samples->add(value);
    }
    return samples;
}

std::vector<std::uint64_t> one_to(std::uint64_t last) {
    std::vector<std::uint64_t> values;
    for (std::uint64_t value = 1; value <= last; ++value) {
        values.push_back(value);
    }
    return values;
}

/// Nearest rank, straight from the definition, on sorted samples.
std::uint64_t reference_percentile(const std::vector<std::uint64_t>& sorted, unsigned per_mille) {
    const auto rank = static_cast<std::size_t>(
        std::ceil(static_cast<double>(sorted.size()) * per_mille / 1000.0 - 1e-9));
    return sorted.at(std::max<std::size_t>(rank, 1) - 1);
}

TEST(Statistics, OfNoSamplesAreAllZeroAndHaveNoPercentiles) {
    const auto samples = samples_of({});
    const Summary summary = samples->summary();
    EXPECT_EQ(summary.count, 0u);
    EXPECT_EQ(summary.min, 0u);
    EXPECT_EQ(summary.max, 0u);
    EXPECT_EQ(summary.mean_milli, 0u);
    EXPECT_FALSE(summary.p50.has_value());
    EXPECT_EQ(summary.histogram, &samples->histogram());
}

TEST(Statistics, TellCountSumExtremesAndMean) {
    const auto samples = samples_of({7, 3, 900'000, 5});
    const Summary summary = samples->summary();
    EXPECT_EQ(summary.count, 4u);
    EXPECT_EQ(samples->sum(), 900'015u);
    EXPECT_EQ(summary.min, 3u);
    EXPECT_EQ(summary.max, 900'000u);
    EXPECT_EQ(summary.mean_milli, 225'003'750u);
}

TEST(Statistics, RoundTheMeanToTheNearestThousandth) {
    EXPECT_EQ(samples_of({1, 1, 0})->summary().mean_milli, 667u);
    EXPECT_EQ(samples_of({1, 0, 0})->summary().mean_milli, 333u);
}

TEST(Statistics, KeepTheMeanOfSumsWhoseThousandfoldWouldOverflow) {
    const std::uint64_t large = std::uint64_t{1} << 54;
    EXPECT_EQ(samples_of({large, large + 1})->summary().mean_milli, large * 1000 + 500);
}

TEST(Statistics, KeepTheMeanOfSumsBeyond64Bits) {
    // Against plain arithmetic in 128 bits.
    __extension__ using Wide = unsigned __int128;
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    std::mt19937_64 random(20140601);
    const auto near_an_end = [&] {
        const std::uint64_t ends[] = {0, std::uint64_t{1} << 32, kMost / 1000,
                                      std::uint64_t{1} << 63, kMost - 40};
        return ends[random() % std::size(ends)] + random() % 41;
    };
    for (int set = 0; set < 500; ++set) {
        std::vector<std::uint64_t> values(1 + random() % 60);
        std::generate(values.begin(), values.end(), near_an_end);
        Wide sum = 0;
        for (const std::uint64_t value : values) {
            sum += value;
        }
        // Rounded to the nearest. One above 2^64 thousandths cannot be said.
        const Wide whole = sum / values.size();
        const Wide rest = sum % values.size();
        const Wide mean = whole * 1000 + (rest * 1000 + values.size() / 2) / values.size();
        const auto samples = samples_of(values);
        const Summary summary = samples->summary();
        ASSERT_EQ(summary.mean_milli, mean > kMost ? kMost : static_cast<std::uint64_t>(mean));
        ASSERT_EQ(samples->sum(), sum > kMost ? kMost : static_cast<std::uint64_t>(sum));
        ASSERT_EQ(summary.min, *std::min_element(values.begin(), values.end()));
        ASSERT_EQ(summary.max, *std::max_element(values.begin(), values.end()));
    }
}

TEST(Statistics, ForgetASumBeyond64BitsWhenTheyAreCleared) {
    const auto samples = samples_of({~std::uint64_t{0}, 5});
    samples->clear();
    samples->add(9);
    EXPECT_EQ(samples->summary().mean_milli, 9'000u);
}

TEST(Statistics, OfTheLargestSamplesStayBetweenTheSmallestAndTheLargest) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const auto samples = samples_of(std::vector<std::uint64_t>(100, kMost));
    EXPECT_EQ(samples->summary().p50, kMost);
    for (unsigned bit = 0; bit < 64; ++bit) {
        for (const std::uint64_t value : {std::uint64_t{1} << bit, (std::uint64_t{1} << bit) - 1}) {
            const Bucket bucket = Histogram::bucket_of(value);
            EXPECT_LE(bucket.low, value);
            EXPECT_LE(value - bucket.low, bucket.width - 1);
            EXPECT_GE(bucket.middle(), bucket.low) << "its middle wrapped around";
        }
    }
}

TEST(Statistics, LeaveAPercentileOutWithFewerThanTenSamplesBeyondIt) {
    EXPECT_FALSE(samples_of(one_to(19))->summary().p50.has_value());
    EXPECT_EQ(samples_of(one_to(20))->summary().p50, 10u);
    EXPECT_FALSE(samples_of(one_to(199))->summary().p95.has_value());
    EXPECT_EQ(samples_of(one_to(200))->summary().p95, 190u);
    EXPECT_FALSE(samples_of(one_to(999))->summary().p99.has_value());
    EXPECT_TRUE(samples_of(one_to(1000))->summary().p99.has_value());
    EXPECT_FALSE(samples_of(one_to(9999))->summary().p999.has_value());
    EXPECT_TRUE(samples_of(one_to(10'000))->summary().p999.has_value());
}

TEST(Statistics, OfEqualSamplesAreExactHoweverLarge) {
    const auto samples = samples_of(std::vector<std::uint64_t>(10'000, 30'000'017));
    const Summary summary = samples->summary();
    EXPECT_EQ(summary.p50, 30'000'017u);
    EXPECT_EQ(summary.p95, 30'000'017u);
    EXPECT_EQ(summary.p999, 30'000'017u);
    EXPECT_EQ(summary.mean_milli, 30'000'017'000u);
}

TEST(Statistics, CountOneLateSampleInTheMaximumAlone) {
    std::vector<std::uint64_t> values(9999, 40);
    values.push_back(1'000'000);
    const auto samples = samples_of(values);
    const Summary summary = samples->summary();
    EXPECT_EQ(summary.p99, 40u);
    EXPECT_EQ(summary.p999, 40u);
    EXPECT_EQ(summary.max, 1'000'000u);
}

TEST(Statistics, StartAgainAfterTheyWereCleared) {
    const auto samples = samples_of({5, 6});
    samples->clear();
    samples->add(9);
    EXPECT_EQ(samples->count(), 1u);
    EXPECT_EQ(samples->sum(), 9u);
    EXPECT_EQ(samples->summary().min, 9u);
    EXPECT_EQ(samples->summary().max, 9u);
}

TEST(Statistics, AgreeWithSortedSamplesOfManyDistributionsWithinOnePercent) {
    std::mt19937_64 random(20140714);
    const std::vector<std::pair<std::string, std::function<std::uint64_t()>>> distributions = {
        {"small", [&] { return random() % 200; }},
        {"uniform", [&] { return random() % 5'000'000; }},
        {"octaves", [&] { return random() >> (12 + random() % 52); }},
        {"peak and tail",
         [&] { return random() % 100 != 0 ? 1200 + random() % 40 : random() % 60'000; }},
        {"two peaks",
         [&] { return random() % 2 == 0 ? random() % 50 + 900 : random() % 9 + 70'000; }},
    };
    for (const auto& [name, draw] : distributions) {
        for (const std::size_t size : {20, 21, 999, 1001, 12'345, 50'000}) {
            std::vector<std::uint64_t> values(size);
            std::generate(values.begin(), values.end(), draw);
            const auto samples = samples_of(values);
            std::sort(values.begin(), values.end());
            EXPECT_EQ(samples->summary().min, values.front());
            EXPECT_EQ(samples->summary().max, values.back());
            for (const unsigned per_mille : {500, 950, 990, 999}) {
                const auto told = samples->percentile(per_mille);
                const std::size_t beyond = size * (1000 - per_mille) / 1000;
                ASSERT_EQ(told.has_value(), beyond >= 10) << name << size << " " << per_mille;
                if (told) {
                    const auto truth = static_cast<double>(reference_percentile(values, per_mille));
                    ASSERT_NEAR(static_cast<double>(*told), truth, truth * 0.01)
                        << name << " " << size << " " << per_mille;
                }
            }
        }
    }
}

}  // namespace
}  // namespace hm::measure
