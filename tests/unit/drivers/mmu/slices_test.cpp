#include "drivers/mmu/slices.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hm::mmu {
namespace {

template <class Format, unsigned kLevel>
std::vector<Slice> slices(Span span) {
    std::vector<Slice> found;
    for (const Slice& slice : Slices<Format, kLevel>(span)) {
        found.push_back(slice);
    }
    return found;
}

TEST(MmuSlices, ARangeIsCutAtTheBordersOfTheEntries) {
    const auto found = slices<Stage1, 2>({0x1FF000, 0x601000});
    ASSERT_EQ(found.size(), 4);
    EXPECT_EQ(found[0].index, 0);
    EXPECT_EQ(found[0].span.begin, 0x1FF000);
    EXPECT_EQ(found[0].span.end, 0x200000);
    EXPECT_FALSE(found[0].whole);
    EXPECT_TRUE(found[1].whole && found[2].whole);
    EXPECT_EQ(found[3].index, 3);
    EXPECT_EQ(found[3].entry.begin, 0x600000);
    EXPECT_EQ(found[3].span.end, 0x601000);
    EXPECT_FALSE(found[3].whole);
}

TEST(MmuSlices, TheLastEntryOfTheAddressSpaceIsWholeToo) {
    const auto found = slices<Stage2, 1>({Ipa::limit - bytes(Size::k1G), Ipa::limit});
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].index, 1023);
    EXPECT_TRUE(found[0].whole);
}

TEST(MmuSlices, ShortDescriptorsCutAtEveryMegabyte) {
    const auto found = slices<ShortStage1, 1>({0xFFE80000, 0x100000000});
    ASSERT_EQ(found.size(), 2);
    EXPECT_EQ(found[0].index, 4094);
    EXPECT_EQ(found[0].span.end, 0xFFF00000);
    EXPECT_FALSE(found[0].whole);
    EXPECT_EQ(found[1].index, 4095);
    EXPECT_TRUE(found[1].whole);
}

TEST(MmuSlices, AnEmptyRangeTouchesNoEntry) {
    EXPECT_TRUE((slices<Stage1, 3>({0x1000, 0x1000}).empty()));
}

TEST(MmuSlices, CuttingAnEntryWithARangeElsewhereLeavesNothing) {
    const Slice entry{0, {0x200000, 0x400000}, {}, false};
    EXPECT_TRUE(entry.cut({0x400000, 0x500000}).span.is_empty());
    EXPECT_TRUE(entry.cut({0, 0x200000}).span.is_empty());
    EXPECT_TRUE(entry.cut({0, 0x500000}).whole);
}

}  // namespace
}  // namespace hm::mmu
