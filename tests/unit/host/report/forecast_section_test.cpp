#include "host/report/forecast_section.hpp"

#include <gtest/gtest.h>

#include "host/report/forecast_table.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/memory_log.hpp"

namespace hm::host::testing {
namespace {

using measure::Stage1;
using measure::Stage2;
using measure::Translation;
using P = Parameter;

constexpr std::size_t kWide = 100;

Results chases(const std::string& clock, const std::vector<FakeChase>& chases) {
    return judged_results(parse_log(memory_log({clock}, {[&chases](MemoryLog& log) {
                                                   for (const FakeChase& chase : chases) {
                                                       log.chase(chase);
                                                   }
                                               }})));
}

std::string text_of(const Results& results, Verbosity verbosity = Verbosity::kFull) {
    return forecasts_text(Grouped(results), verbosity, kWide);
}

/// The cells that tell about the unknowns.
const std::vector<Translation>& cells() {
    static const std::vector<Translation> all{measure::kPlainNative,
                                              measure::kPlainNested,
                                              {Stage1::kLong4K, Stage2::k2M},
                                              {Stage1::kLong4K, Stage2::k4KFromLevel2},
                                              {Stage1::kLong4K, Stage2::k2MFromLevel2},
                                              {Stage1::kLong2M, Stage2::k2M}};
    return all;
}

/// What a core with such unknowns takes in each of the cells, as a machine with time would measure:
/// all others are at their low end, and RAM is half as slow again as the model's.
std::vector<FakeChase> measured_on(const std::vector<P>& high, double slower = 1.5) {
    Model model;
    for (const bool shapes : {false, true}) {
        for (const P parameter : model.unknowns(shapes)) {
            const Bounds bounds = model[parameter];
            const bool is_high = std::find(high.begin(), high.end(), parameter) != high.end();
            const double value = is_high ? bounds.high : bounds.low;
            model.set(parameter, {value, value});
        }
    }
    model.set(P::kClockMhz, {2000, 2000});  // that of the log
    Forecaster forecaster(model, kCoarseExtract);
    std::vector<FakeChase> chases;
    for (const Translation& cell : cells()) {
        const auto outcomes = forecaster.follow(
            {cell,
             measure::ChaseOrder::kPageRandom,
             {.base = kChainBase, .bytes = 4 * kMega, .stride = 4096, .tables = kChainTables}});
        const double load = outcomes ? forecaster.forecast(*outcomes).cycles.low : 0;
        chases.push_back({cell, "page-random", 4096, 4 * kMega, "warm", load * slower});
    }
    return chases;
}

TEST(HostForecasts, ARangeIsOneNumberOnlyIfBothEndsAre) {
    EXPECT_EQ(range_text({1.304, 2.406}, 2), "1.30..2.41");
    EXPECT_EQ(range_text({1.301, 1.304}, 2), "1.30");
    EXPECT_EQ(range_text({209.6, 1000.2}, 0), "210..1000");
}

TEST(HostForecasts, StandsWithoutMeasurementsWhereTheMachineHasNoTime) {
    const Results results =
        chases("instructions", {{measure::kPlainNative, "page-random", 4096, kMega},
                                {measure::kPlainNested, "page-random", 4096, kMega}});
    const std::string text = text_of(results);
    EXPECT_TRUE(has(text, "as a model predicts"));
    EXPECT_TRUE(has(text, "at 1700 MHz"));
    EXPECT_TRUE(has(text, "one line per page of 1 MB"));
    EXPECT_EQ(line_with(text, "stage 1"), "stage 1 stage 2 from L2 from RAM cycles to native");
    EXPECT_TRUE(line_with(text, "lpae-4K  4K").starts_with("lpae-4K 4K "));
    EXPECT_FALSE(has(text, "measured"));
    EXPECT_FALSE(has(text, "fit"));
    EXPECT_EQ(text_of(results, Verbosity::kSummary), "");
}

TEST(HostForecasts, NothingIsSaidWithoutBothPlainCellsOrTheirPlaces) {
    EXPECT_EQ(text_of(chases("instructions", {{measure::kPlainNative}})), "");
    Results results = chases("instructions", {{measure::kPlainNative, "page-random", 4096, kMega},
                                              {measure::kPlainNested, "page-random", 4096, kMega}});
    std::erase_if(results.rows, [](const Row& row) { return row.layer == "base"; });
    EXPECT_EQ(text_of(results), "");
    EXPECT_EQ(text_of(chases("emulator", {{measure::kPlainNative}, {measure::kPlainNested}})), "");
}

TEST(HostForecasts, SaysWhichUnknownsFitWhatWasMeasured) {
    const std::string bare = text_of(chases("cycles", measured_on({})));
    EXPECT_EQ(line_with(bare, "stage 1"),
              "stage 1 stage 2 from L2 from RAM cycles measured to native measured");
    EXPECT_TRUE(has(bare, "at 2000 MHz")) << "the run's own clock";
    EXPECT_TRUE(has(bare, "combinations of the unknowns' ends come within 10 %"));
    // Without any cache of stage 2, nested walks cost so much that only this explains it.
    EXPECT_EQ(line_with(bare, "stage2_walk_entries"), "stage2_walk_entries 0..64 0");
    EXPECT_NE(line_with(bare, "lpae-4K  2M"), "");
    const std::string cached =
        text_of(chases("cycles", measured_on({P::kStage2WalkEntries, P::kIpaEntries,
                                              P::kIpaHoldsPages, P::kStage1WalkHoldsPa})));
    EXPECT_NE(line_with(cached, "stage2_walk_entries"), "stage2_walk_entries 0..64 0");
    EXPECT_TRUE(has(line_with(cached, "stage2_walk_entries"), "64"));
}

TEST(HostForecasts, SaysByHowMuchNothingFits) {
    std::vector<FakeChase> measured = measured_on({});
    measured[1].load *= 3;
    const std::string text = text_of(chases("cycles", measured));
    EXPECT_TRUE(has(text, "None of "));
    EXPECT_TRUE(has(text, "the nearest misses one by "));
    EXPECT_EQ(line_with(text, "stage2_walk_entries"), "");
}

// MIDR of an Allwinner H3: part number 0xC07, a Cortex-A7 r0p5.
TEST(HostForecasts, TheCoreIsTheOneThatRan) {
    Results results = chases("instructions", {{measure::kPlainNative, "page-random", 4096, kMega},
                                              {measure::kPlainNested, "page-random", 4096, kMega}});
    EXPECT_TRUE(has(text_of(results), "on a Cortex-A15 at 1700 MHz"));
    results.registers.set("MIDR", std::uint64_t{0x410FC075});
    const std::string text = text_of(results);
    EXPECT_TRUE(has(text, "on a Cortex-A7 at 1008 MHz"));
    EXPECT_EQ(line_with(text, "stage 1"), "stage 1 stage 2 from L2 from RAM")
        << "no latency of it is known";
    EXPECT_FALSE(foreseen_read(Grouped(results)));
}

TEST(HostForecasts, WithoutLatenciesAMeasurementRulesNothingOut) {
    Results results = chases("cycles", measured_on({}));
    results.registers.set("MIDR", std::uint64_t{0x410FC075});
    const std::string text = text_of(results);
    EXPECT_EQ(line_with(text, "stage 1"), "stage 1 stage 2 from L2 from RAM measured measured");
    EXPECT_TRUE(has(text, "The latencies of a Cortex-A7 are not known"));
    EXPECT_FALSE(has(text, "combinations"));
}

TEST(HostForecasts, AllParametersAreListedWithTheirSources) {
    const std::string text = parameters_text(Model(), 1000);
    for (const ParameterInfo& info : parameter_infos()) {
        EXPECT_TRUE(has(text, std::string(kCortexA15.of(info.parameter).source))) << info.name;
        EXPECT_TRUE(has(text, bounds_text(info, Model()[info.parameter]))) << info.name;
    }
    EXPECT_TRUE(has(text, "ipa_entries 0..64: IPA cache"));
    EXPECT_TRUE(has(text, "walk_looks_in_l1 no or yes: "));
}

}  // namespace
}  // namespace hm::host::testing
