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
    // The root, one table of level 2, 128 of level 3; and one of either level each for the image,
    // which lies before the tables, and for the devices.
    EXPECT_EQ(p.stage1_table_bytes, (130 + 2 + 2) * 4096);
    EXPECT_EQ(p.stage2_table_bytes, 0);
}

TEST(HostPrediction, ShortDescriptorsTakeHalfTheLinesAndALevelLess) {
    const Prediction pages = predict({Stage1::kShort4K, Stage2::kOff}, kPages);
    EXPECT_EQ(pages.reads, (Reads{2, 2}));
    EXPECT_EQ(pages.stage1_lines, 256 * 4 / 64 + 65536 * 4 / 64);
    // The image's megabyte, two with the tables themselves, and the devices' one come first.
    EXPECT_EQ(pages.stage1_table_bytes, 16384 + (3 + 1 + 256) * 1024);
    const Prediction sections = predict({Stage1::kShort1M, Stage2::kOff}, kPages);
    EXPECT_EQ(sections.reads, (Reads{1, 1}));
    EXPECT_EQ(sections.lines, 256 * 4 / 64);
    EXPECT_EQ(sections.stage1_table_bytes, 16384 + (3 + 1) * 1024);
}

TEST(HostPrediction, Stage2AloneReadsItsOwnLevels) {
    const Prediction pages = predict({Stage1::kOff, Stage2::k4K}, kPages);
    EXPECT_EQ(pages.reads, (Reads{3, 3}));
    EXPECT_EQ(pages.stage2_lines, 1 + 128 * 8 / 64 + 65536 * 8 / 64);
    EXPECT_EQ(pages.stage1_lines, 0);
    // A root of two; two tables for the image and two for the devices.
    EXPECT_EQ(pages.stage2_table_bytes, (2 + 1 + 128 + 2 + 2) * 4096);
    const Prediction block = predict({Stage1::kOff, Stage2::k1G}, kPages);
    EXPECT_EQ(block.reads, (Reads{1, 1}));
    EXPECT_EQ(block.lines, 1);
    EXPECT_EQ(block.stage2_table_bytes, (2 + 2) * 4096) << "devices take pages";
    const Prediction narrow = predict({Stage1::kOff, Stage2::k4KFromLevel2}, kPages);
    EXPECT_EQ(narrow.reads, (Reads{2, 2}));
    EXPECT_EQ(narrow.stage2_table_bytes, (4 + 128 + 1 + 1) * 4096);
}

TEST(HostPrediction, NestedPagesReadTheStage2OfTheStage1TablesToo) {
    const Prediction p = predict({Stage1::kLong4K, Stage2::k4K}, kPages);
    EXPECT_EQ(p.reads, (Reads{15, 15}));
    EXPECT_EQ(p.formula, 15);
    EXPECT_EQ(p.stage1_lines, 1 + 16 + 8192);
    // The same for the memory; and for the frames of stage-1 tables, in the next gigabyte but in
    // the same line of level 1: one entry of level 2, and in level 3 those of the root (0), of the
    // table of level 2 (5) and of 128 tables of level 3 (6 to 133), in 17 lines.
    EXPECT_EQ(p.stage2_lines, (1 + 16 + 8192) + (1 + 17));
    EXPECT_EQ(p.lines, p.stage1_lines + p.stage2_lines);
    // A root of two, and a table of level 2 and what is below for each gigabyte, also that of the
    // devices.
    EXPECT_EQ(p.stage2_table_bytes, (2 + (1 + 128) + (1 + 1) + (1 + 1)) * 4096);
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
    // From 0x80004000 on: a root of 16 KB, of which the page with entries 0x400 to 0x4FF is read;
    // 4 KB of tables for the image and the devices; 256 KB for the chase. Of stage 2's level 3
    // these are entries 5, and 9 to 72, in 10 lines.
    EXPECT_EQ(predict(nested, chain).stage2_lines, (1 + 16 + 8192) + (1 + 10));
}

/// Where a guest on QEMU's virt reports that it has 8 MB with pages of 4 KB.
constexpr Chain kOnVirt{.base = 0x420FA000, .bytes = 8 * k1M, .stride = 4096, .tables = 0x42018000};

TEST(HostPrediction, TablesLieWhereTheGuestMakesThem) {
    // 2,048 pages from entry 0xFA = 250 of a table on, in the middle of a line of eight: 257 lines
    // of level 3, and one each of levels 1 and 2.
    EXPECT_EQ(predict(measure::kPlainNative, kOnVirt).lines, 257 + 2);
    // Frame 0 at 0x42018000 is the root. Frames 1 and 2 are the tables of the image, which the
    // first pages of the chase use too; 3 and 4 are those of the devices; 5 to 8 the chase's own.
    // So of stage 2's level 3 entries 24 to 26 and 29 to 32 are read, in two lines; if the frames
    // that are walked were next to each other, it would be one.
    const Prediction nested = predict(measure::kPlainNested, kOnVirt);
    EXPECT_EQ(nested.stage1_lines, 259);
    EXPECT_EQ(nested.stage2_lines, 259 + 2);
    EXPECT_EQ(nested.lines, 520);
}

TEST(HostPrediction, TablesTakeWhatTheTargetReports) {
    // What runs on virt reported for 8 MB as stage1-tables and stage2-tables.
    const auto bytes = [](Stage1 stage1, Stage2 stage2, std::uint64_t base, std::uint64_t tables) {
        const Prediction p = predict({stage1, stage2}, {base, 8 * k1M, 4096, tables});
        return std::pair(p.stage1_table_bytes, p.stage2_table_bytes);
    };
    constexpr std::uint64_t kLong = 0x42018000;
    constexpr std::uint64_t kShort = 0x420F8000;
    EXPECT_EQ(bytes(Stage1::kLong4K, Stage2::kOff, 0x420FA000, kLong), std::pair(0x9000UL, 0UL));
    EXPECT_EQ(bytes(Stage1::kLong2M, Stage2::kOff, 0x42200000, kLong), std::pair(0x5000UL, 0UL));
    EXPECT_EQ(bytes(Stage1::kShort4K, Stage2::kOff, 0x4215E000, kShort), std::pair(0x6C00UL, 0UL));
    EXPECT_EQ(bytes(Stage1::kShort1M, Stage2::kOff, 0x42200000, kShort), std::pair(0x4C00UL, 0UL));
    EXPECT_EQ(bytes(Stage1::kOff, Stage2::k4K, 0x420FA000, kLong), std::pair(0UL, 0xE000UL));
    EXPECT_EQ(bytes(Stage1::kLong4K, Stage2::k4K, 0x420FA000, kLong),
              std::pair(0x9000UL, 0xE000UL));
    EXPECT_EQ(bytes(Stage1::kLong2M, Stage2::k2M, 0x42200000, kLong),
              std::pair(0x5000UL, 0x5000UL));
    EXPECT_EQ(bytes(Stage1::kLong4K, Stage2::k4KFromLevel2, 0x420FA000, kLong),
              std::pair(0x9000UL, 0xE000UL));
    EXPECT_EQ(bytes(Stage1::kShort1M, Stage2::k2MFromLevel2, 0x42200000, kShort),
              std::pair(0x4C00UL, 0x5000UL));
}

TEST(HostPrediction, TheUsualPlaceIsThatOfVirt) {
    const auto usual = [](Stage1 stage1) {
        return usual_chain(stage1, measure::ChaseOrder::kPageRandom, 8 * k1M);
    };
    EXPECT_EQ(usual(Stage1::kLong4K), kOnVirt);
    EXPECT_EQ(usual(Stage1::kLong2M).base, 0x42200000U);
    EXPECT_EQ(usual(Stage1::kShort4K).base, 0x4215E000U);
    EXPECT_EQ(usual(Stage1::kShort4K).tables, 0x420F8000U);
    EXPECT_EQ(usual(Stage1::kShort1M).base, 0x42200000U);
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
