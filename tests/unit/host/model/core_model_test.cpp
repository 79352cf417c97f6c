// The model of a core, where its counts follow from its sizes by hand.

#include "host/model/core_model.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "host/model/chain.hpp"
#include "host/model/cortex_a7.hpp"
#include "host/model/walks.hpp"

namespace hm::host {
namespace {

using measure::ChaseOrder;
using measure::Stage1;
using measure::Stage2;
using measure::Translation;
using P = Parameter;

constexpr std::uint64_t kMebibyte = 1 << 20;

/// A core whose unknowns are all at their low end: no walk cache but that of stage 1, no IPA cache,
/// no prefetch.
CoreValues bare_core() { return Model().corners({}).front(); }

CoreValues without_walk_caches() {
    CoreValues values = bare_core();
    values.set(P::kStage1WalkEntries, 0);
    return values;
}

/// A Cortex-A7 whose unknowns are all at their low end: LRU everywhere, L2 takes what L1 gives up,
/// no prefetch, and pages are not in the IPA cache.
CoreValues bare_a7() { return Model(kCortexA7).corners({}).front(); }

/// Two laps through a page-random chase, of which the second counts.
LoadCounts second_lap(const Translation& cell, std::uint64_t bytes, const CoreValues& values,
                      ChaseOrder order = ChaseOrder::kPageRandom) {
    const Chain chain = usual_chain(cell.stage1, order, bytes);
    std::vector<PageWalk> walks;
    EXPECT_TRUE(visit_walks(cell, chain, [&](const CellTables&, std::uint64_t, const PageWalk& w) {
        walks.push_back(w);
    }));
    const std::size_t lap = bytes / chain.stride;
    CoreModel core(values);
    std::size_t done = 0;
    for (const std::uint32_t offset : offsets_of(chain, order, 2 * lap)) {
        if (done == lap) {
            core.start_counting();
        }
        ++done;
        core.load(chain.base + offset, walks[offset >> 12]);
    }
    EXPECT_EQ(core.counts().loads, lap);
    return core.counts();
}

LoadCounts second_lap(const Translation& cell, const CoreValues& values) {
    return second_lap(cell, 8 * kMebibyte, values);
}

TEST(HostCoreModel, PagesThatTheL1TlbHoldsNeverMiss) {
    const LoadCounts counts = second_lap(measure::kPlainNative, 32 * 4096, bare_core());
    EXPECT_EQ(counts.l1_tlb_misses, 0U);
    EXPECT_EQ(counts.walks, 0U);
    EXPECT_EQ(counts.descriptors(), 0U);
    EXPECT_EQ(counts.load_l1, 32U);
}

TEST(HostCoreModel, PagesThatTheL2TlbHoldsMissOnlyTheL1Tlb) {
    // 512 pages next to each other: four in each of 128 sets.
    const LoadCounts counts = second_lap(measure::kPlainNative, 512 * 4096, bare_core());
    EXPECT_EQ(counts.l1_tlb_misses, counts.loads) << "a lap is longer than 32 pages";
    EXPECT_EQ(counts.walks, 0U);
    // Twice as many do not fit: each is the least recently used of its set when it is due.
    const LoadCounts more = second_lap(measure::kPlainNative, 1024 * 4096, bare_core());
    EXPECT_EQ(more.walks, 0U + more.loads);
}

TEST(HostCoreModel, BlocksAreHeldWholeByTheL2TlbAndPageByPageByTheL1Tlb) {
    const LoadCounts counts = second_lap({Stage1::kLong2M, Stage2::k2M}, bare_core());
    EXPECT_EQ(counts.l1_tlb_misses, counts.loads);
    EXPECT_EQ(counts.walks, 0U);
    // The smaller leaf of both stages counts.
    EXPECT_EQ(second_lap({Stage1::kLong2M, Stage2::k4K}, bare_core()).walks, 2048U);
}

TEST(HostCoreModel, WithoutWalkCachesAWalkReadsWhatTheFormulaSays) {
    for (const Translation& cell : measure::kMatrix) {
        // With leaves of 1 MB and more, the L2 TLB does not miss.
        const bool pages = cell.stage1 == Stage1::kLong4K || cell.stage1 == Stage1::kShort4K ||
                           cell.stage2 == Stage2::k4K || cell.stage2 == Stage2::k4KFromLevel2;
        if (!cell.impossible().empty() || !pages) {
            continue;
        }
        const unsigned first = cell.stage1 == Stage1::kOff       ? 0
                               : cell.stage1 == Stage1::kLong4K  ? 3
                               : cell.stage1 == Stage1::kShort1M ? 1
                                                                 : 2;
        const unsigned second = cell.stage2 == Stage2::kOff            ? 0
                                : cell.stage2 == Stage2::k4K           ? 3
                                : cell.stage2 == Stage2::k2M           ? 2
                                : cell.stage2 == Stage2::k4KFromLevel2 ? 2
                                                                       : 1;
        const LoadCounts counts = second_lap(cell, without_walk_caches());
        EXPECT_EQ(counts.walks, 2048U);
        EXPECT_EQ(counts.descriptors(), 2048U * ((first + 1) * (second + 1) - 1))
            << name_of(cell.stage1) << " over " << name_of(cell.stage2);
    }
}

TEST(HostCoreModel, AWalkCacheThatHoldsAllTablesLeavesOneReadAStage) {
    // 8 MB have five tables of level 3 at most, and one of level 2.
    EXPECT_EQ(second_lap(measure::kPlainNative, bare_core()).descriptors(), 2048U);
    CoreValues values = bare_core();
    values.set(P::kStage2WalkEntries, 64);
    EXPECT_EQ(second_lap(measure::kPlainStage2, values).descriptors(), 2048U);
    // Nested: the leaf of stage 1, that of stage 2 for its page, and that of stage 2 for the page.
    EXPECT_EQ(second_lap(measure::kPlainNested, values).descriptors(), 2048U * 3);
    // With physical addresses in the walk cache of stage 1, its table need not be translated.
    values.set(P::kStage1WalkHoldsPa, 1);
    EXPECT_EQ(second_lap(measure::kPlainNested, values).descriptors(), 2048U * 2);
}

TEST(HostCoreModel, AnIpaCacheForTablesSavesStage2OnTheWayButNotForThePage) {
    CoreValues values = without_walk_caches();
    values.set(P::kIpaEntries, 64);
    // Nine pages of tables at most: all of stage 1's three reads are direct, and the page takes
    // stage 2's three.
    EXPECT_EQ(second_lap(measure::kPlainNested, values).descriptors(), 2048U * 6);
    // Eight entries are enough for these. But if it holds pages too, each load brings one, and
    // takes the place of a table that was not used lately.
    values.set(P::kIpaEntries, 8);
    EXPECT_EQ(second_lap(measure::kPlainNested, values).descriptors(), 2048U * 6);
    values.set(P::kIpaHoldsPages, 1);
    const LoadCounts shared = second_lap(measure::kPlainNested, values);
    EXPECT_GT(shared.descriptors(), 2048U * 6);
    EXPECT_LT(shared.descriptors(), 2048U * 15);
}

TEST(HostCoreModel, EachDescriptorOfStage1AndThePageTakeAWalkOfStage2) {
    CoreValues values = without_walk_caches();
    EXPECT_EQ(second_lap(measure::kPlainNested, values).stage2_walks, 2048U * 4);
    EXPECT_EQ(second_lap(measure::kPlainNative, values).stage2_walks, 0U);
    EXPECT_EQ(second_lap(measure::kPlainStage2, values).stage2_walks, 0U) << "the walk itself";
    values.set(P::kIpaEntries, 64);
    EXPECT_EQ(second_lap(measure::kPlainNested, values).stage2_walks, 2048U);
}

TEST(HostCoreModel, DescriptorsAreFoundInL1OnlyIfWalksLookThere) {
    CoreValues values = without_walk_caches();
    const LoadCounts blind = second_lap(measure::kPlainNative, values);
    EXPECT_EQ(blind.walk_l1, 0U);
    values.set(P::kWalkLooksInL1, 1);
    const LoadCounts looking = second_lap(measure::kPlainNative, values);
    EXPECT_GT(looking.walk_l1, looking.loads) << "the two upper levels";
    EXPECT_EQ(looking.descriptors(), blind.descriptors());
}

// gem5's TLBs are like that.
TEST(HostCoreModel, ATlbThatHoldsIpasAsksStage2AtEachLoad) {
    CoreValues values = without_walk_caches();
    values.set(P::kIpaHoldsPages, 1);
    values.set(P::kTlbHoldsIpa, 1);
    // The TLBs hold all pages, and stage 2 none.
    const LoadCounts held = second_lap(measure::kPlainNested, 32 * 4096, values);
    EXPECT_EQ(held.l1_tlb_misses, 0U);
    EXPECT_EQ(held.descriptors(), 32U * 3);
    EXPECT_EQ(held.stage2_walks, 32U);
    EXPECT_EQ(second_lap(measure::kPlainNative, 32 * 4096, values).descriptors(), 0U);
    // Blocks of stage 1 stay whole, though stage 2 has pages. Even the L1 TLB holds these five.
    const LoadCounts blocks = second_lap({Stage1::kLong2M, Stage2::k4K}, values);
    EXPECT_EQ(blocks.l1_tlb_misses, 0U);
    EXPECT_EQ(blocks.descriptors(), 2048U * 3);
    // Without stage 1 nothing is in a TLB.
    EXPECT_EQ(second_lap(measure::kPlainStage2, 32 * 4096, values).descriptors(), 32U * 3);
    // All misses: with two entries of stage 2 neither the tables nor the page are there, with very
    // many all are.
    values.set(P::kIpaEntries, 2);
    EXPECT_EQ(second_lap(measure::kPlainNested, values).descriptors(), 2048U * 15);
    values.set(P::kIpaEntries, 4096);
    EXPECT_EQ(second_lap(measure::kPlainNested, values).descriptors(), 2048U * 3);
}

TEST(HostCoreModel, ACacheOfTheWalkersOwnHoldsDescriptorsAndNoData) {
    CoreValues values = without_walk_caches();
    EXPECT_EQ(second_lap(measure::kPlainNative, values).walk_l1, 0U);
    // 260 lines of descriptors, in 1,024.
    values.set(P::kWalkerCacheBytes, 65536);
    values.set(P::kWalkerCacheWays, 2);
    const LoadCounts held = second_lap(measure::kPlainNative, values);
    EXPECT_EQ(held.walk_l1, 2048U * 3);
    EXPECT_EQ(held.load_l1, second_lap(measure::kPlainNative, without_walk_caches()).load_l1);
    // Sixteen lines hold the upper levels, and little of the last.
    values.set(P::kWalkerCacheBytes, 1024);
    const LoadCounts few = second_lap(measure::kPlainNative, values);
    EXPECT_GT(few.walk_l1, 2048U);
    EXPECT_LT(few.walk_l1, 2048U * 5 / 2);
    EXPECT_EQ(few.descriptors(), 2048U * 3);
}

TEST(HostCoreModel, MoreThanTheL2CacheHoldsComesFromRam) {
    // 2,048 lines and some 260 of descriptors fit into 16,384.
    EXPECT_LT(second_lap(measure::kPlainNative, bare_core()).load_ram, 20U);
    CoreValues values = bare_core();
    values.set(P::kL2Bytes, 65536);
    values.set(P::kL2Random, 0);
    values.set(P::kL2Ways, 1);
    EXPECT_EQ(second_lap(measure::kPlainNative, values).load_ram, 2048U)
        << "of 1,024 sets each has two lines of the chase in turn";
}

TEST(HostCoreModel, WhatL2GivesUpIsNotInL1Either) {
    // L2 has 1,024 sets of one line here: one of two lines 64 KB apart. L1 has room for both.
    CoreValues values = bare_core();
    values.set(P::kL2Bytes, 65536);
    values.set(P::kL2Ways, 1);
    values.set(P::kL2Random, 0);
    CoreModel core(values);
    PageWalk walk;
    walk.first.reads = 1;
    walk.first.shift = {20, 0, 0};
    walk.first.at = {std::uint64_t{0x1000'0040}, 0, 0};
    const auto load = [&](std::uint64_t pa) {
        walk.pa = walk.ipa = pa & ~std::uint64_t{4095};
        core.load(pa, walk);
    };
    load(0x2000'0000);
    core.start_counting();
    load(0x2000'0000);
    EXPECT_EQ(core.counts().load_l1, 1U);
    load(0x2001'0000);
    core.start_counting();
    load(0x2000'0000);
    EXPECT_EQ(core.counts().load_l1, 0U);
    EXPECT_EQ(core.counts().load_ram, 1U);
}

TEST(HostCoreModel, APrefetchStaysInItsPage) {
    CoreValues values = bare_core();
    values.set(P::kPrefetchLines, 8);
    const LoadCounts counts =
        second_lap(measure::kPlainNative, 8 * kMebibyte, values, ChaseOrder::kSequential);
    // Of 64 lines of a page one in nine comes from RAM: 0, 9, .. 63.
    EXPECT_NEAR(static_cast<double>(counts.load_ram), 2048 * 8, 2048 * 0.3);
    EXPECT_EQ(counts.walks, 2048U) << "one walk per page";
}

TEST(HostCoreModel, AWalkBringsTheNextLinesOfTheTable) {
    // Each walk reads the next descriptor of a page of 512, which are 64 lines of eight.
    const auto from_ram = [](unsigned lines) {
        CoreValues values = bare_core();
        values.set(P::kWalkPrefetchLines, lines);
        CoreModel core(values);
        for (std::uint64_t i = 0; i < 512; ++i) {
            PageWalk walk;
            walk.first.reads = 1;
            walk.first.shift = {12, 0, 0};
            walk.first.at = {0x1000'0000 + 8 * i, 0, 0};
            walk.pa = walk.ipa = 0x2000'0000 + 4096 * i;
            core.load(walk.pa, walk);
        }
        EXPECT_EQ(core.counts().walks, 512U);
        return core.counts().walk_ram;
    };
    EXPECT_EQ(from_ram(0), 64U);
    EXPECT_EQ(from_ram(1), 32U);
    EXPECT_EQ(from_ram(7), 8U);
    EXPECT_EQ(from_ram(63), 1U) << "no further than the page";
}

// Cortex-A7 TRM 5.3.1 and 5.3.2: micro TLBs of 10 entries, a main TLB of 256.
TEST(HostCoreModel, ACortexA7HoldsTenPagesAndThenTwoHundredAndFiftySix) {
    const LoadCounts sixteen = second_lap(measure::kPlainNative, 16 * 4096, bare_a7());
    EXPECT_EQ(sixteen.l1_tlb_misses, 16U) << "more than 10";
    EXPECT_EQ(sixteen.walks, 0U);
    CoreModel core(bare_a7());
    PageWalk walk;
    walk.first.reads = 1;
    walk.first.shift = {12, 0, 0};
    for (unsigned lap = 0; lap < 2; ++lap) {
        core.start_counting();
        for (std::uint64_t page = 0; page < 10; ++page) {
            walk.pa = walk.ipa = page << 12;
            core.load(page << 12, walk);
        }
    }
    EXPECT_EQ(core.counts().l1_tlb_misses, 0U) << "10 pages";
    EXPECT_EQ(second_lap(measure::kPlainNative, 256 * 4096, bare_a7()).walks, 0U);
    EXPECT_EQ(second_lap(measure::kPlainNative, 512 * 4096, bare_a7()).walks, 512U)
        << "four pages for the two ways of each set";
}

// TRM 6.6.3: the walk cache has 32 indexes of two ways, whose entries lead to tables of the last
// level, of 2 MB each. So it reaches 128 MB, and whatever misses it begins at the root.
TEST(HostCoreModel, TheWalkCacheOfACortexA7Reaches128M) {
    const LoadCounts held = second_lap(measure::kPlainNative, 120 * kMebibyte, bare_a7());
    EXPECT_EQ(held.descriptors(), held.walks) << "one read for each walk";
    const LoadCounts beyond = second_lap(measure::kPlainNative, 256 * kMebibyte, bare_a7());
    EXPECT_EQ((beyond.descriptors() - beyond.walks) % 2, 0U) << "each miss reads two more";
    EXPECT_GT(beyond.descriptors(), beyond.walks * 3 / 2);
    CoreValues all_levels = bare_a7();
    all_levels.set(P::kStage1WalkLastOnly, 0);
    EXPECT_LT(second_lap(measure::kPlainNative, 256 * kMebibyte, all_levels).descriptors(),
              beyond.descriptors());
}

// TRM 6.6.3: the walk cache has the physical address of the last table, so that a walk which hits
// it translates nothing but the page: three reads of stage 2, or none if the IPA cache has it.
TEST(HostCoreModel, AWalkOfACortexA7TranslatesOnlyThePage) {
    const LoadCounts pages = second_lap(measure::kPlainNested, bare_a7());
    EXPECT_EQ(pages.descriptors(), 2048U * (1 + 3));
    EXPECT_EQ(pages.stage2_walks, 2048U);
    CoreValues without_ipa = bare_a7();
    without_ipa.set(P::kIpaEntries, 0);
    EXPECT_EQ(second_lap(measure::kPlainNested, without_ipa).descriptors(), 2048U * (1 + 3));
    // Blocks of 2 MB: the IPA cache holds all five of them, if it holds pages' translations at all.
    const Translation over_blocks{Stage1::kLong4K, Stage2::k2M};
    EXPECT_EQ(second_lap(over_blocks, bare_a7()).descriptors(), 2048U * (1 + 2));
    CoreValues values = bare_a7();
    values.set(P::kIpaHoldsPages, 1);
    EXPECT_EQ(second_lap(over_blocks, values).descriptors(), 2048U);
}

// TRM 6.5.2: three misses at one stride of up to four lines, and the next ones come.
TEST(HostCoreModel, ACortexA7PrefetchesAStreamAndNoPages) {
    CoreValues values = bare_a7();
    values.set(P::kPrefetchLines, 3);
    const LoadCounts stream =
        second_lap(measure::kPlainNative, 8 * kMebibyte, values, ChaseOrder::kSequential);
    // Of 64 lines of a page each fourth misses, and brings three.
    EXPECT_NEAR(static_cast<double>(stream.load_ram), 2048 * 16, 16);
    EXPECT_EQ(stream.load_l1 + stream.load_ram, stream.loads);
    const LoadCounts pages = second_lap(measure::kPlainNative, 64 * kMebibyte, values);
    EXPECT_EQ(pages.load_ram,
              second_lap(measure::kPlainNative, 64 * kMebibyte, bare_a7()).load_ram);
}

TEST(HostCoreModel, AnL2ThatTakesWhatL1GivesUpHoldsMoreWithIt) {
    // One line of each of 8,448 pages: nine lines in each of 256 sets of L2, eight in the others.
    constexpr std::uint64_t kBytes = (8192 + 256) * 4096;
    const Translation blocks{Stage1::kLong2M, Stage2::kOff};
    CoreValues values = bare_a7();
    const LoadCounts apart = second_lap(blocks, kBytes, values);
    values.set(P::kL2HoldsL1, 1);
    const LoadCounts inclusive = second_lap(blocks, kBytes, values);
    EXPECT_EQ(inclusive.load_ram, 256U * 9) << "of nine lines in eight ways none stays";
    EXPECT_LT(apart.load_ram, inclusive.load_ram) << "some of the nine are in L1 alone";
}

TEST(HostCoreModel, CyclesAreCountsTimesLatencies) {
    LoadCounts counts;
    counts.loads = 10;
    counts.load_l1 = 1;
    counts.load_l2 = 2;
    counts.load_ram = 7;
    counts.l1_tlb_misses = 5;
    counts.walks = 3;
    counts.stage2_walks = 8;
    counts.walk_l1 = 4;
    counts.walk_l2 = 6;
    counts.walk_ram = 2;
    CoreValues values = bare_core();
    values.set(P::kClockMhz, 1000);  // a nanosecond is a cycle
    values.set(P::kStage2WalkCycles, 9);
    const double expected = (1 * 4 + 2 * 21 + 7 * (21 + 110) + 5 * 12 + 3 * 6 + 8 * 9 + 4 * 4 +
                             6 * 20 + 2 * (20 + 100)) /
                            10.0;
    EXPECT_DOUBLE_EQ(cycles(counts, values), expected);
}

}  // namespace
}  // namespace hm::host
