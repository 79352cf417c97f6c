#include "drivers/mmu/control.hpp"

#include <gtest/gtest.h>

namespace hm::mmu {
namespace {

TEST(MmuControl, VtcrOfA40BitStage2HasANegativeT0szAndStartsAtLevel1) {
    const Vtcr vtcr40 = vtcr(Stage2::kGeometry);
    EXPECT_EQ(vtcr40.raw, 0x80003558);
    EXPECT_EQ(vtcr40.get(Vtcr::kT0sz), 8);  // -8 in four bits.
    EXPECT_TRUE(vtcr40.get(Vtcr::kS));
    EXPECT_EQ(vtcr40.get(Vtcr::kSl0), 1);
}

TEST(MmuControl, VtcrOfA32BitStage2StartsAtLevel2) {
    const Vtcr vtcr32 = vtcr(Stage2Narrow::kGeometry);
    EXPECT_EQ(vtcr32.get(Vtcr::kT0sz), 0);
    EXPECT_FALSE(vtcr32.get(Vtcr::kS));
    EXPECT_EQ(vtcr32.get(Vtcr::kSl0), 0);
}

TEST(MmuControl, WalksAreCachedAndInnerShareable) {
    EXPECT_EQ(ttbcr(Stage1::kGeometry).get(Ttbcr::kSh0), Shareability::kInner);
    EXPECT_EQ(htcr(HypStage1::kGeometry).get(Htcr::kOrgn0),
              WalkCacheability::kWriteBackWriteAllocate);
    EXPECT_TRUE(ttbcr(Stage1::kGeometry).get(Ttbcr::kEae));
}

TEST(MmuControl, EachMemoryTypeIsTheIndexOfItsAttributeInMair) {
    const auto attribute = [](MemoryType memory) {
        return (kMair0.raw >> (8 * static_cast<unsigned>(memory))) & 0xFF;
    };
    EXPECT_EQ(attribute(MemoryType::kNormalWriteBack), 0xFF);
    EXPECT_EQ(attribute(MemoryType::kNormalNonCacheable), 0x44);
    EXPECT_EQ(attribute(MemoryType::kDevice), 0x04);
}

}  // namespace
}  // namespace hm::mmu
