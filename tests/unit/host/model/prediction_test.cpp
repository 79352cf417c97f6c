#include "host/model/prediction.hpp"

#include <gtest/gtest.h>

namespace hm::host {
namespace {

using measure::Stage1;
using measure::Stage2;
using measure::Translation;
using Reads = Prediction::Reads;

constexpr std::uint64_t k1M = 1 << 20;
constexpr std::uint64_t k256M = 256 * k1M;

/// 256 MB, one place a page, with the stage-1 tables in another gigabyte.
constexpr Chain kPages{.base = 0x40000000, .bytes = k256M, .stride = 4096, .tables = 0x80000000};

TEST(HostPrediction, NativePagesOf256MTouchALineOfEveryEightEntries) {
    const Prediction p = predict({Stage1::kLong4K, Stage2::kOff}, kPages);
    EXPECT_EQ(p.reads, (Reads{3, 3}));
    EXPECT_EQ(p.formula, 3);
    // Level 1: one entry; level 2: 128 entries of 8 bytes; level 3: 65,536 of them.
    EXPECT_EQ(p.stage1_lines, 1 + 128 * 8 / 64 + 65536 * 8 / 64);
    EXPECT_EQ(p.lines, p.stage1_lines);
    EXPECT_EQ(p.stage2_lines, 0);
    // The root, one table of level 2, 128 of level 3.
    EXPECT_EQ(p.stage1_table_bytes, 130 * 4096);
    EXPECT_EQ(p.stage2_table_bytes, 0);
}

TEST(HostPrediction, ShortDescriptorsTakeHalfTheLinesAndALevelLess) {
    const Prediction pages = predict({Stage1::kShort4K, Stage2::kOff}, kPages);
    EXPECT_EQ(pages.reads, (Reads{2, 2}));
    EXPECT_EQ(pages.stage1_lines, 256 * 4 / 64 + 65536 * 4 / 64);
    EXPECT_EQ(pages.stage1_table_bytes, 16384 + 256 * 1024);
    const Prediction sections = predict({Stage1::kShort1M, Stage2::kOff}, kPages);
    EXPECT_EQ(sections.reads, (Reads{1, 1}));
    EXPECT_EQ(sections.lines, 256 * 4 / 64);
    EXPECT_EQ(sections.stage1_table_bytes, 16384);
}

TEST(HostPrediction, Stage2AloneReadsItsOwnLevels) {
    const Prediction pages = predict({Stage1::kOff, Stage2::k4K}, kPages);
    EXPECT_EQ(pages.reads, (Reads{3, 3}));
    EXPECT_EQ(pages.stage2_lines, 1 + 128 * 8 / 64 + 65536 * 8 / 64);
    EXPECT_EQ(pages.stage1_lines, 0);
    EXPECT_EQ(pages.stage2_table_bytes, (2 + 1 + 128) * 4096);
    const Prediction block = predict({Stage1::kOff, Stage2::k1G}, kPages);
    EXPECT_EQ(block.reads, (Reads{1, 1}));
    EXPECT_EQ(block.lines, 1);
    EXPECT_EQ(block.stage2_table_bytes, 2 * 4096);
    const Prediction narrow = predict({Stage1::kOff, Stage2::k4KFromLevel2}, kPages);
    EXPECT_EQ(narrow.reads, (Reads{2, 2}));
    EXPECT_EQ(narrow.stage2_table_bytes, (4 + 128) * 4096);
}

TEST(HostPrediction, NestedPagesReadTheStage2OfTheStage1TablesToo) {
    const Prediction p = predict({Stage1::kLong4K, Stage2::k4K}, kPages);
    EXPECT_EQ(p.reads, (Reads{15, 15}));
    EXPECT_EQ(p.formula, 15);
    EXPECT_EQ(p.stage1_lines, 1 + 16 + 8192);
    // The same for the memory; and for 130 frames of stage-1 tables, in the next gigabyte but in
    // the same line of level 1: one entry of level 2, 130 entries of level 3, in 17 lines.
    EXPECT_EQ(p.stage2_lines, (1 + 16 + 8192) + (1 + 17));
    EXPECT_EQ(p.lines, p.stage1_lines + p.stage2_lines);
    // A root of two, and a table of level 2 and what is below for either gigabyte.
    EXPECT_EQ(p.stage2_table_bytes, (2 + (1 + 128) + (1 + 1)) * 4096);
}

TEST(HostPrediction, LargeBlocksInBothStagesTouchAlmostNothing) {
    const Prediction p = predict({Stage1::kShort1M, Stage2::k1G}, kPages);
    EXPECT_EQ(p.reads, (Reads{3, 3}));
    EXPECT_EQ(p.stage1_lines, 16);
    EXPECT_EQ(p.stage2_lines, 1);
}

TEST(HostPrediction, ReadsAreTheFormulasInEveryCellThatCanBe) {
    const Chain chain{.base = 0x40200000, .bytes = 4 * k1M, .stride = 4096, .tables = 0x40100000};
    for (const Translation& cell : measure::kMatrix) {
        const Prediction p = predict(cell, chain);
        EXPECT_EQ(p.formula == 0, !cell.impossible().empty()) << name_of(cell.stage1);
        EXPECT_EQ(p.reads, (Reads{p.formula, p.formula}))
            << name_of(cell.stage1) << " over " << name_of(cell.stage2);
        EXPECT_EQ(p.lines, p.stage1_lines + p.stage2_lines);
    }
}

TEST(HostPrediction, ADenseChainWalksOncePerPage) {
    Chain chain = kPages;
    chain.bytes = 64 * 1024;
    const Prediction one_line_per_page = predict({Stage1::kLong4K, Stage2::k4K}, chain);
    chain.stride = 64;
    EXPECT_EQ(predict({Stage1::kLong4K, Stage2::k4K}, chain), one_line_per_page);
    // 16 entries of level 3, and one each above.
    EXPECT_EQ(one_line_per_page.stage1_lines, 2 + 16 * 8 / 64);
}

TEST(HostPrediction, ASparseChainTouchesALineForEachPlace) {
    Chain chain = kPages;
    chain.stride = 2 * k1M;
    // 128 places, each with a table of level 3 of its own.
    EXPECT_EQ(predict({Stage1::kLong4K, Stage2::kOff}, chain).lines, 1 + 16 + 128);
    chain.stride = 32 * 1024;
    EXPECT_EQ(predict({Stage1::kLong4K, Stage2::kOff}, chain).lines, 1 + 16 + 8192);
    chain.stride = 64 * 1024;
    EXPECT_EQ(predict({Stage1::kLong4K, Stage2::kOff}, chain).lines, 1 + 16 + 4096);
}

TEST(HostPrediction, PlacesInTheMiddleOfPagesCountAsTheirPages) {
    const Chain chain{.base = 0x40000FC0, .bytes = 4096 + 1, .stride = 4096, .tables = 0x80000000};
    const Prediction p = predict({Stage1::kLong4K, Stage2::kOff}, chain);
    EXPECT_EQ(p.lines, 3) << "two places in two pages, neighbours in one line of level 3";
    EXPECT_EQ(p.reads, (Reads{3, 3}));
}

TEST(HostPrediction, TheRootOfShortDescriptorsIsAlignedToItsSize) {
    Chain chain = kPages;
    chain.tables = 0x80001000;
    const Translation nested{Stage1::kShort4K, Stage2::k4K};
    EXPECT_EQ(predict(nested, chain).reads, (Reads{11, 11}));
    // 16 KB and 256 KB of tables from 0x80004000 on: all of the second, but of the first only the
    // page with entries 0x400 to 0x4FF: 65 entries of level 3 that are read, in 9 lines.
    EXPECT_EQ(predict(nested, chain).stage2_lines, (1 + 16 + 8192) + (1 + 9));
}

TEST(HostPrediction, WhatCannotBeIsAllZero) {
    EXPECT_EQ(predict({Stage1::kLong4K, Stage2::k1GFromLevel2}, kPages), Prediction{});
    EXPECT_EQ(predict({Stage1::kOff, Stage2::kOff}, kPages), Prediction{});
    Chain chain = kPages;
    chain.bytes = 0;
    EXPECT_EQ(predict(measure::kPlainNative, chain), Prediction{});
    chain = kPages;
    chain.stride = 0;
    EXPECT_EQ(predict(measure::kPlainNative, chain), Prediction{});
    chain = kPages;
    chain.base = 0xF8000000;
    EXPECT_EQ(predict(measure::kPlainNative, chain), Prediction{});
}

}  // namespace
}  // namespace hm::host
