#include "drivers/mmu/format.hpp"

#include <gtest/gtest.h>

namespace hm::mmu {
namespace {

TEST(MmuFormat, Stage1StartsAtLevel1WithFourEntries) {
    EXPECT_EQ(Stage1::kGeometry.root_entries(), 4);
    EXPECT_EQ((index_at<Stage1, 1>(Va{0xFFFFFFFF})), 3);
    EXPECT_EQ((index_at<Stage1, 2>(Va{0xFFFFFFFF})), 511);
    EXPECT_EQ((index_at<Stage1, 3>(Va{0x00201000})), 1);
}

TEST(MmuFormat, A40BitStage2TakesTwoConcatenatedTablesOfLevel1) {
    EXPECT_EQ(Stage2::kGeometry.root_tables(), 2);
    EXPECT_EQ((index_at<Stage2, 1>(Ipa{0x8000000000})), 512);
    EXPECT_EQ((index_at<Stage2, 1>(Ipa{0xFFFFFFFFFF})), 1023);
    EXPECT_EQ((index_at<Stage2, 2>(Ipa{0xFFFFFFFFFF})), 511);
}

TEST(MmuFormat, A32BitStage2TakesFourConcatenatedTablesOfLevel2) {
    EXPECT_EQ(Stage2Narrow::kGeometry.root_tables(), 4);
    EXPECT_EQ((index_at<Stage2Narrow, 2>(Ipa{0xC0000000})), 3 * 512);
    EXPECT_EQ((index_at<Stage2Narrow, 2>(Ipa{0xFFFFFFFF})), 2047);
    EXPECT_EQ((index_at<Stage2Narrow, 3>(Ipa{0xFFFFFFFF})), 511);
}

TEST(MmuFormat, ShortDescriptorsHave4096EntriesOf1MAndThen256Of4K) {
    EXPECT_EQ(ShortStage1::kGeometry.root_entries(), 4096);
    EXPECT_EQ(ShortStage1::kGeometry.root_tables() * ShortStage1::kTableBytes, 16 * 1024);
    EXPECT_EQ((index_at<ShortStage1, 1>(Va{0xFFFFFFFF})), 4095);
    EXPECT_EQ((index_at<ShortStage1, 1>(Va{0x00100000})), 1);
    EXPECT_EQ((index_at<ShortStage1, 2>(Va{0xFFFFFFFF})), 255);
    EXPECT_EQ((index_at<ShortStage1, 2>(Va{0x00101000})), 1);
}

TEST(MmuFormat, EachFormatHasLeavesOfTheSizesOfItsLevels) {
    EXPECT_TRUE(Stage2::kGeometry.has(Size::k4K) && Stage2::kGeometry.has(Size::k2M) &&
                Stage2::kGeometry.has(Size::k1G));
    EXPECT_FALSE(Stage2::kGeometry.has(Size::k1M));
    EXPECT_FALSE(Stage2Narrow::kGeometry.has(Size::k1G));
    EXPECT_TRUE(ShortStage1::kGeometry.has(Size::k4K) && ShortStage1::kGeometry.has(Size::k1M));
    EXPECT_FALSE(ShortStage1::kGeometry.has(Size::k2M) || ShortStage1::kGeometry.has(Size::k1G));
}

}  // namespace
}  // namespace hm::mmu
