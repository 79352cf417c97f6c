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

}  // namespace
}  // namespace hm::mmu
