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

TEST(MmuControl, ShortDescriptorsAreTtbcrsZeroAndARootOf16KBInTtbr0) {
    EXPECT_EQ(short_ttbcr().raw, 0) << "EAE = 0, N = 0";
    // IRGN[0] 6, NOS 5, RGN 4:3 = 0b01, S 1: write-back, write-allocate, inner shareable.
    EXPECT_EQ(short_ttbr0(Ipa{0x8000C000}).raw, 0x8000C000 | 0x40 | 0x20 | 0x08 | 0x02);
    EXPECT_EQ(short_ttbr0(Ipa{0x8000C000}).get(ShortTtbr0::kBase), 0x8000C000 >> 14);
}

TEST(MmuControl, Domain0IsAClientAndTheOthersHaveNoAccess) {
    EXPECT_EQ(kShortDacr.raw, 1);
    EXPECT_EQ(kShortDacr.get(cpu::Dacr::kDomain0), cpu::DomainAccess::kClient);
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
