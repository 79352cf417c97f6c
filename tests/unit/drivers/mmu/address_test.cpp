#include "drivers/mmu/address.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace hm::mmu {
namespace {

static_assert(!std::is_convertible_v<Va, Ipa> && !std::is_convertible_v<Ipa, Pa>);
static_assert(!std::is_convertible_v<Pa, Ipa> && !std::is_convertible_v<std::uint64_t, Pa>);
static_assert(!std::is_constructible_v<Ipa, Va> && !std::is_constructible_v<Pa, Ipa>);
static_assert(!std::is_assignable_v<Pa&, Ipa>);

TEST(MmuAddress, PhysicalAndIntermediateAddressesHave40BitsAndVirtualOnes32) {
    EXPECT_EQ(Va::limit, 0x100000000);
    EXPECT_EQ(Ipa::limit, 0x10000000000);
    EXPECT_EQ(Pa::limit, 0x10000000000);
}

TEST(MmuAddress, OffsetsMoveAnAddressAndTwoAddressesHaveADistance) {
    EXPECT_EQ((Ipa{0xFF00000000} + 0x1000).value, 0xFF00001000);
    EXPECT_EQ((Ipa{0xFF00001000} - 0x1000).value, 0xFF00000000);
    EXPECT_EQ(Pa{0x3000} - Pa{0x1000}, 0x2000);
    EXPECT_LT(Va{1}, Va{2});
    EXPECT_EQ(Va{7}, Va{7});
}

TEST(MmuAddress, SizesHaveTheirBytes) {
    EXPECT_EQ(bytes(Size::k4K), 4096);
    EXPECT_EQ(bytes(Size::k1M), 1024 * 1024);
    EXPECT_EQ(bytes(Size::k2M), 2 * 1024 * 1024);
    EXPECT_EQ(bytes(Size::k1G), 1024 * 1024 * 1024);
}

TEST(MmuAddress, AlignmentRoundsToTheSizeInEitherDirection) {
    EXPECT_TRUE(is_aligned(Pa{0x8040200000}, Size::k2M));
    EXPECT_FALSE(is_aligned(Pa{0x8040200000}, Size::k1G));
    EXPECT_EQ(align_down(Pa{0x80402FFFFF}, Size::k2M), Pa{0x8040200000});
    EXPECT_EQ(align_up(Pa{0x8040200001}, Size::k2M), Pa{0x8040400000});
    EXPECT_EQ(align_up(Pa{0x8040200000}, Size::k2M), Pa{0x8040200000});
    EXPECT_EQ(align_up(Va{0xFFFFF001}, Size::k4K).value, Va::limit);
}

TEST(MmuAddress, ARangeMayEndAtTheTopOfItsSpaceAndNotBeyond) {
    EXPECT_TRUE((Range<Va>{{0xFFFFF000}, 0x1000}.fits_below(Va::limit)));
    EXPECT_FALSE((Range<Va>{{0xFFFFF000}, 0x2000}.fits_below(Va::limit)));
    EXPECT_FALSE((Range<Va>{{Va::limit + 0x1000}, 0}.fits_below(Va::limit)));
    EXPECT_FALSE((Range<Ipa>{{0x1000}, ~std::uint64_t{0}}.fits_below(Ipa::limit)));
}

TEST(MmuAddress, ARangeContainsItsFirstAddressAndNotTheOneBehindIt) {
    const Range<Va> range{{0xFFFFE000}, 0x2000};
    EXPECT_FALSE(range.contains(Va{0xFFFFDFFF}));
    EXPECT_TRUE(range.contains(Va{0xFFFFE000}));
    EXPECT_TRUE(range.contains(Va{0xFFFFFFFF}));
    EXPECT_FALSE(range.contains(range.end()));
}

}  // namespace
}  // namespace hm::mmu
