// What a run would tell of a core, where it follows from the core's sizes.

#include "host/model/settle.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/model/cortex_a15.hpp"
#include "host/model/cortex_a7.hpp"
#include "host/report/settle_table.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host {
namespace {

using P = Parameter;
using testing::has;

constexpr std::uint64_t kProbeMegabyte = 1 << 20;

/// A Cortex-A7 of which only these are not known; the others that are not have their low end.
Model knowing_all_but(const std::vector<P>& unknown) {
    Model model(kCortexA7);
    for (const P parameter : model.unknowns(true)) {
        if (std::find(unknown.begin(), unknown.end(), parameter) == unknown.end()) {
            const double low = model[parameter].low;
            model.set(parameter, {low, low});
        }
    }
    return model;
}

/// Large chases take most of the time.
std::vector<Probed> follow(Forecaster& forecaster, std::uint64_t most_bytes) {
    std::vector<Probed> probed;
    for (const Chase& chase : probes(forecaster.model())) {
        if (chase.chain.bytes > most_bytes) {
            continue;
        }
        if (auto outcomes = forecaster.follow(chase)) {
            probed.push_back({chase, *std::move(outcomes)});
        }
    }
    return probed;
}

TEST(HostSettle, ProbesLieJustBeyondWhatTheCoreHolds) {
    const auto has_size = [](const ModelledCore& core, std::uint64_t bytes) {
        const auto all = probes(Model(core));
        return std::any_of(all.begin(), all.end(),
                           [bytes](const Chase& chase) { return chase.chain.bytes == bytes; });
    };
    // Half as many pages again as 256 entries hold, and as 512 do.
    EXPECT_TRUE(has_size(kCortexA7, 384 * 4096));
    EXPECT_TRUE(has_size(kCortexA15, 768 * 4096));
    // The same of 8,192 lines of L2.
    EXPECT_TRUE(has_size(kCortexA7, 12288 * 4096));
}

TEST(HostSettle, EachUnknownIsToldByWhatItDecides) {
    Forecaster forecaster(knowing_all_but({P::kPrefetchLines, P::kL2TlbRandom, P::kIpaHoldsPages}),
                          kCoarseExtract);
    const auto probed = follow(forecaster, 256 * kProbeMegabyte);
    ASSERT_EQ(probed.size(), probes(forecaster.model()).size()) << "a machine can run them all";
    const auto settled = settle(forecaster, probed);
    ASSERT_EQ(settled.size(), 3U);
    for (const Settling& one : settled) {
        ASSERT_NE(one.chase, nullptr) << info_of(one.unknown).name;
        EXPECT_TRUE(one.is_apart()) << info_of(one.unknown).name;
    }
    EXPECT_EQ(settled[0].unknown, P::kPrefetchLines);
    EXPECT_EQ(settled[0].chase->order, measure::ChaseOrder::kSequential);
    // With the least recently used each of 384 pages misses; at random some stay.
    EXPECT_EQ(settled[1].unknown, P::kL2TlbRandom);
    EXPECT_EQ(settled[1].counted->name, "TLB misses");
    EXPECT_EQ(settled[1].low, (Bounds{1, 1}));
    EXPECT_LT(settled[1].high.high, 1);
    // Only an IPA cache whose entries span 2 MB holds the pages of a chase.
    EXPECT_EQ(settled[2].unknown, P::kIpaHoldsPages);
    EXPECT_EQ(settled[2].chase->translation.stage2, measure::Stage2::k2M);
    EXPECT_EQ(settled[2].counted->name, "descriptors");
}

TEST(HostSettle, SaysSoInATable) {
    Forecaster forecaster(knowing_all_but({P::kPrefetchLines}), kCoarseExtract);
    const std::string text = settle_text(forecaster, follow(forecaster, 8 * kProbeMegabyte), 200);
    EXPECT_TRUE(has(text, "What a run on a Cortex-A7 would settle"));
    EXPECT_TRUE(has(text, "run --only tlb"));
    EXPECT_TRUE(has(text, "prefetch_lines"));
    EXPECT_TRUE(has(text, "sequential 8 MB, lpae-4K"));
    for (const P latency : forecaster.model().unknowns(false)) {
        EXPECT_TRUE(has(text, std::string(info_of(latency).name)));
    }
}

TEST(HostSettle, LatenciesThatAreKnownAreLeftOut) {
    Model model = knowing_all_but({P::kPrefetchLines});
    for (const P latency : model.unknowns(false)) {
        model.set(latency, {5, 10});
    }
    Forecaster forecaster(model, kCoarseExtract);
    const std::string text = settle_text(forecaster, follow(forecaster, 8 * kProbeMegabyte), 200);
    EXPECT_FALSE(has(text, "of which nothing is known"));
}

}  // namespace
}  // namespace hm::host
