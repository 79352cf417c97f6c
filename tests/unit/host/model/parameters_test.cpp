#include "host/model/model.hpp"

#include <gtest/gtest.h>

#include <set>

#include "host/model/cortex_a15.hpp"
#include "host/model/cortex_a7.hpp"
#include "host/model/model_file.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host {
namespace {

using P = Parameter;
using testing::has;

TEST(HostParameters, EachHasANameOfItsOwnAMeaningAndASource) {
    std::set<std::string_view> names;
    for (const ParameterInfo& info : parameter_infos()) {
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_FALSE(info.meaning.empty()) << info.name;
        for (const ModelledCore* core : modelled_cores()) {
            const CoreParameter& known = core->of(info.parameter);
            const std::string source(known.source);
            const bool named = has(source, "TRM") || has(source, "7-cpu.com") ||
                               has(source, "U-Boot") || has(source, "not published");
            EXPECT_TRUE(named) << core->name << ", " << info.name << ": " << source;
            const Bounds bounds = known.bounds.value_or(info.valid);
            EXPECT_LE(bounds.low, bounds.high) << core->name << ", " << info.name;
            EXPECT_LE(info.valid.low, bounds.low) << core->name << ", " << info.name;
            EXPECT_GE(info.valid.high, bounds.high) << core->name << ", " << info.name;
        }
    }
}

TEST(HostParameters, WhatIsNotPublishedIsARange) {
    for (const ModelledCore* core : modelled_cores()) {
        const Model model(*core);
        for (const CoreParameter& known : core->parameters) {
            if (has(std::string(known.source), "not published")) {
                EXPECT_FALSE(model[known.parameter].is_known())
                    << core->name << ", " << info_of(known.parameter).name;
            }
        }
    }
}

// Cortex-A7 MPCore TRM (ARM DDI 0464): 5.3.1, micro TLBs of 10 entries; 5.3.2, a main TLB of 256
// entries in two ways; 6.6.3, table 6-8: of the RAM's indexes 0 to 127 are the main TLB's, 128 to
// 159 the walk cache's and 160 to 191 the IPA cache's, each of two ways; 6.1, four ways of the L1
// data cache.
TEST(HostParameters, ACortexA7HasTheTlbsOfItsManual) {
    const Model model(kCortexA7);
    constexpr double kWays = 2;
    EXPECT_EQ(model[P::kL1TlbEntries], (Bounds{10, 10}));
    EXPECT_EQ(model[P::kL2TlbEntries], (Bounds{128 * kWays, 128 * kWays}));
    EXPECT_EQ(model[P::kL2TlbWays], (Bounds{kWays, kWays}));
    constexpr double kSets = 159 - 128 + 1;
    EXPECT_EQ(model[P::kStage1WalkEntries], (Bounds{kSets * kWays, kSets * kWays}));
    EXPECT_EQ(model[P::kStage1WalkSets], (Bounds{kSets, kSets}));
    EXPECT_EQ(model[P::kIpaEntries], (Bounds{kSets * kWays, kSets * kWays}));
    EXPECT_EQ(model[P::kIpaSets], (Bounds{kSets, kSets}));
    EXPECT_EQ(model[P::kStage2WalkEntries], (Bounds{0, 0}));
    EXPECT_EQ(model[P::kL1Bytes], (Bounds{32768, 32768}));
    EXPECT_EQ(model[P::kL1Ways], (Bounds{4, 4}));
    EXPECT_EQ(model[P::kL2Bytes], (Bounds{524288, 524288}));
}

TEST(HostParameters, WithoutLatenciesACoreHasNoTime) {
    EXPECT_TRUE(Model(kCortexA15).has_time());
    Model model(kCortexA7);
    EXPECT_FALSE(model.has_time());
    const auto open = model.unknowns(false);
    EXPECT_EQ(open.size(), 9U);
    for (const P latency : open) {
        EXPECT_EQ(bounds_text(info_of(latency), model[latency]), "not known");
        EXPECT_FALSE(model.has_time());
        model.set(latency, {2, 30});
    }
    EXPECT_TRUE(model.has_time()) << "a range is enough";
}

TEST(HostParameters, CornersAreAllCombinationsOfTheEnds) {
    Model model;
    for (const P parameter : model.unknowns(true)) {
        model.set(parameter, {0, 0});
    }
    EXPECT_TRUE(model.unknowns(true).empty());
    EXPECT_EQ(model.corners(model.unknowns(true)).size(), 1U);
    model.set(P::kIpaEntries, {2, 5});
    model.set(P::kWalkLooksInL1, {0, 1});
    const auto unknowns = model.unknowns(true);
    ASSERT_EQ(unknowns, (std::vector{P::kIpaEntries, P::kWalkLooksInL1}));
    const auto corners = model.corners(unknowns);
    ASSERT_EQ(corners.size(), 4U);
    std::set<std::pair<double, double>> seen;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        seen.emplace(corners[i][P::kIpaEntries], corners[i][P::kWalkLooksInL1]);
        EXPECT_EQ(corners[i][P::kIpaEntries], (i & 1) != 0 ? 5 : 2);
        EXPECT_EQ(corners[i][P::kL2Ways], 16) << "what is known is the same everywhere";
    }
    EXPECT_EQ(seen.size(), 4U);
}

TEST(HostModelFile, ReplacesValuesAndRanges) {
    const ReadModel read = read_model(
        R"({"ipa_entries": 16, "stage2_walk_entries": [4, 8], "walk_looks_in_l1": true,
            "l2_bytes": 524288, "ram_ns": 80.5})");
    ASSERT_TRUE(read.model) << read.error;
    EXPECT_EQ((*read.model)[P::kIpaEntries], (Bounds{16, 16}));
    EXPECT_EQ((*read.model)[P::kStage2WalkEntries], (Bounds{4, 8}));
    EXPECT_EQ((*read.model)[P::kWalkLooksInL1], (Bounds{1, 1}));
    EXPECT_EQ((*read.model)[P::kL2Bytes], (Bounds{524288, 524288}));
    EXPECT_EQ((*read.model)[P::kRamNs], (Bounds{80.5, 80.5}));
    EXPECT_EQ((*read.model)[P::kL1Ways], Model()[P::kL1Ways]);
    EXPECT_EQ(read_model("{}").model, Model());
}

TEST(HostModelFile, SaysInOneLineWhatIsWrongAndWhatIsValid) {
    const auto error = [](const char* text) {
        const ReadModel read = read_model(text);
        EXPECT_FALSE(read.model) << text;
        EXPECT_EQ(read.error.find('\n'), std::string::npos) << text;
        return read.error;
    };
    for (const char* text : {"[1]", "{\"ipa_entries\": 3", R"({"l1_ways": 2, "l1_ways": 4})"}) {
        EXPECT_EQ(error(text), "it is no JSON object, or it names something twice") << text;
    }
    EXPECT_EQ(error(R"({"ipa": 3})"),
              "unknown parameter \"ipa\"; `hypmeter predict --parameters` lists them");
    EXPECT_EQ(error(R"({"a\nb": 3})"),
              "unknown parameter \"a\\nb\"; `hypmeter predict --parameters` lists them");
    const std::string entries =
        "ipa_entries takes a number from 0 to 65536, or [low, high] of these";
    for (const char* value : {"65537", "-1", "1.5", "\"3\"", "true", "[4]", "[4, 2]", "[1, 2, 3]",
                              "[0, 65537]", "null", "{}", "1e400"}) {
        const std::string text = fmt::format(R"({{"ipa_entries": {}}})", value);
        const ReadModel read = read_model(text);
        EXPECT_FALSE(read.model) << text;
        if (std::string_view(value) != "1e400") {
            EXPECT_EQ(read.error, entries) << text;
        }
    }
    EXPECT_EQ(error(R"({"walk_looks_in_l1": 1})"),
              "walk_looks_in_l1 takes false, true or [false, true]");
    EXPECT_TRUE(has(error(R"({"l2_ways": 12})"), "l2_ways takes a power of two from 1 to 64"));
    EXPECT_EQ(error(R"({"l2_tlb_entries": 2})"), "l2_tlb_entries must be at least l2_tlb_ways");
    EXPECT_EQ(error(R"({"ipa_sets": 32, "ipa_entries": [32, 48]})"),
              "ipa_entries must be a multiple of ipa_sets, which is 32");
    for (const char* text : {R"({"walker_cache_bytes": 96})", R"({"walker_cache_bytes": [0, 192]})",
                             R"({"walker_cache_bytes": 1024, "walker_cache_ways": 32})"}) {
        EXPECT_EQ(error(text),
                  "walker_cache_bytes must be 0, or 64 bytes for each of walker_cache_ways times a "
                  "power of two");
    }
    EXPECT_EQ(error(R"({"l1_bytes": 1024, "l1_ways": 32})"),
              "a way of a cache must have at least one line of 64 bytes");
    EXPECT_TRUE(has(error(R"({"l1_random": [false, true], "l2_random": [false, true],
                              "l2_ways": [8, 16]})"),
                    "at most 10 may be"));
}

TEST(HostModelFile, SurvivesDeepNesting) {
    EXPECT_FALSE(read_model(std::string(200000, '[')).model);
    EXPECT_FALSE(
        read_model("{\"ipa_entries\": " + std::string(100000, '[') + std::string(100000, ']') + "}")
            .model);
}

}  // namespace
}  // namespace hm::host
