#include "host/model/forecast.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace hm::host {
namespace {

using measure::ChaseOrder;
using measure::Stage1;
using measure::Stage2;
using measure::Translation;
using P = Parameter;

constexpr std::uint64_t kMegabyte = 1 << 20;

Chase chase_of(const Translation& cell, ChaseOrder order, std::uint64_t bytes) {
    return {cell, order, usual_chain(cell.stage1, order, bytes)};
}

/// All known: what is not known has its low end.
Model known_model() {
    Model model;
    for (const bool shapes : {false, true}) {
        for (const P parameter : model.unknowns(shapes)) {
            const double low = model[parameter].low;
            model.set(parameter, {low, low});
        }
    }
    return model;
}

TEST(HostForecast, AKnownCoreGivesOneNumber) {
    Forecaster forecaster(known_model(), kCoarseExtract);
    EXPECT_TRUE(forecaster.unknowns().empty());
    const auto native =
        forecaster.follow(chase_of(measure::kPlainNative, ChaseOrder::kPageRandom, 8 * kMegabyte));
    ASSERT_TRUE(native);
    const Forecast forecast = forecaster.forecast(*native);
    EXPECT_TRUE(forecast.cycles.is_known());
    EXPECT_EQ(forecast.walks, (Bounds{1, 1}));
    EXPECT_EQ(forecast.descriptors, (Bounds{1, 1})) << "the walk cache holds the tables of 8 MB";
    EXPECT_EQ(forecaster.ratio(*native, *native), (Bounds{1, 1}));
}

TEST(HostForecast, EveryUnknownLiesWithinTheRange) {
    // A core with other ends of the unknowns is one of those that the range is made of.
    const Chase native = chase_of(measure::kPlainNative, ChaseOrder::kPageRandom, 8 * kMegabyte);
    const Chase nested = chase_of(measure::kPlainNested, ChaseOrder::kPageRandom, 8 * kMegabyte);
    const Model model;
    Forecaster whole(model, kCoarseExtract);
    const auto whole_nested = whole.follow(nested);
    const auto whole_native = whole.follow(native);
    ASSERT_TRUE(whole_nested && whole_native);
    const Bounds range = whole.ratio(*whole_nested, *whole_native);
    EXPECT_LT(range.low, range.high);
    Bounds ends{1e9, 0};
    for (std::size_t i = 0; i < whole.unknowns().size(); ++i) {
        for (const bool high : {false, true}) {
            const Bounds part = whole.ratio_where(*whole_nested, *whole_native, i, high);
            EXPECT_GE(part.low, range.low);
            EXPECT_LE(part.high, range.high);
            ends = {std::min(ends.low, part.low), std::max(ends.high, part.high)};
        }
    }
    EXPECT_EQ(ends, range);
    // So is a core with caches of a size between the ends.
    Model between = known_model();
    between.set(P::kIpaEntries, {16, 16});
    between.set(P::kStage2WalkEntries, {8, 8});
    Forecaster middle(between, kCoarseExtract);
    const Bounds ratio = middle.ratio(*middle.follow(nested), *middle.follow(native));
    EXPECT_GE(ratio.low, range.low);
    EXPECT_LE(ratio.high, range.high);
}

TEST(HostForecast, TheEndsOfARangeAreWhatTheUnknownsMake) {
    Forecaster forecaster(Model(), kCoarseExtract);
    const auto nested =
        forecaster.follow(chase_of(measure::kPlainNested, ChaseOrder::kPageRandom, 8 * kMegabyte));
    ASSERT_TRUE(nested);
    const Bounds descriptors = forecaster.forecast(*nested).descriptors;
    // At best the leaf of stage 1, and that of stage 2 for the page; a random L2 TLB even hits a
    // few times. At worst three of stage 2 for the table, its leaf, and three for the page.
    EXPECT_NEAR(descriptors.low, 2, 0.05);
    EXPECT_NEAR(descriptors.high, 7, 0.01);
}

TEST(HostForecast, ASequentialChaseHardlySuffersFromStage2) {
    Forecaster forecaster(Model(), kCoarseExtract);
    const auto of = [&](const Translation& cell) {
        return *forecaster.follow(chase_of(cell, ChaseOrder::kSequential, 32 * kMegabyte));
    };
    const Bounds ratio = forecaster.ratio(of(measure::kPlainNested), of(measure::kPlainNative));
    EXPECT_GE(ratio.low, 1);
    // Fifteen reads from L2 at most in four walks of stage 2, once in 64 loads, of which the
    // fastest takes 21 cycles.
    EXPECT_LT(ratio.high, 1 + (15 * 20 + 4 * 10) / 64.0 / 21);
}

TEST(HostForecast, WhatNoMachineOrGuestCanRunIsNotFollowed) {
    Forecaster forecaster(known_model(), kCoarseExtract);
    const auto follow = [&](const Translation& cell, auto change) {
        Chase chase = chase_of(cell, ChaseOrder::kPageRandom, kMegabyte);
        change(chase.chain);
        return forecaster.follow(chase).has_value();
    };
    EXPECT_TRUE(follow(measure::kPlainNested, [](Chain&) {}));
    EXPECT_FALSE(follow({Stage1::kOff, Stage2::kOff}, [](Chain&) {}));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.bytes = 0; }));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.bytes += 4096; }));
    EXPECT_FALSE(
        follow(measure::kPlainNested, [](Chain& chain) { chain.bytes = 512 * kMegabyte; }));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.stride = 0; }));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.stride = 32; }));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.stride = 1ULL << 32; }));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.base = 0xFFFF'0000; }));
    EXPECT_FALSE(follow(measure::kPlainNested, [](Chain& chain) { chain.tables = 0; }));
}

/// 7-cpu.com's own table: random reads on an Exynos 5250 at 1.7 GHz under Linux, which has short
/// descriptors and pages of 4 KB. The latencies are from there too, but what hits and what misses
/// is the model's own.
struct Published {
    std::uint64_t bytes;
    double cycles;
    double ns;
};
constexpr std::array<Published, 5> kPublished{{{4 * kMegabyte, 48, 82},
                                               {8 * kMegabyte, 56, 96},
                                               {64 * kMegabyte, 77, 115},
                                               {128 * kMegabyte, 80, 125},
                                               {256 * kMegabyte, 82, 140}}};

TEST(HostForecast, RandomReadsTakeAboutWhatWasMeasuredOnAnExynos5250) {
    Forecaster forecaster(Model(), kFineExtract);
    for (const Published& published : kPublished) {
        const auto outcomes = forecaster.follow(
            chase_of({Stage1::kShort4K, Stage2::kOff}, ChaseOrder::kRandom, published.bytes));
        ASSERT_TRUE(outcomes);
        const Bounds range = forecaster.forecast(*outcomes).cycles;
        const double measured = published.cycles + published.ns * 1.7;
        std::cout << published.bytes / kMegabyte << " MB: " << range.low << ".." << range.high
                  << ", measured " << measured << "\n";
        EXPECT_GT(measured, 0.97 * range.low) << published.bytes;
        EXPECT_LT(measured, 1.03 * range.high) << published.bytes;
    }
}

}  // namespace
}  // namespace hm::host
