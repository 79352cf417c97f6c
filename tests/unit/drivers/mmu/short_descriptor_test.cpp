#include "drivers/mmu/short_descriptor.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hm::mmu {
namespace {

constexpr MemoryType kMemoryTypes[] = {MemoryType::kNormalWriteBack,
                                       MemoryType::kNormalNonCacheable, MemoryType::kDevice};

std::vector<ShortAttributes> all_attributes() {
    std::vector<ShortAttributes> all;
    for (const MemoryType memory : kMemoryTypes) {
        for (unsigned bits = 0; bits < 16; ++bits) {
            all.push_back(
                {memory, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0});
        }
    }
    return all;
}

// Expected words are worked out by hand from ARM DDI 0406C, B3.5.1, B3.7.1 and table B3-10.

TEST(MmuShortDescriptor, ASmallPageOfPrivilegedDataIsThisWord) {
    // S 10, AP[2] 9 = 0, TEX 8:6 = 001, AP[1:0] 5:4 = 01, C 3, B 2, small page 1, XN 0.
    constexpr ShortAttributes data{.writable = true};
    EXPECT_EQ(encode(data).leaf(Ipa{0x12345000}, 2).raw, 0x12345000 | 0x45F);
}

TEST(MmuShortDescriptor, ASmallPageOfAnApplicationsCodeIsThisWord) {
    // nG 11, S 10, AP[2] 9, TEX = 001, AP[1:0] = 11 (read-only, PL0 too), C, B, small page, no XN.
    constexpr ShortAttributes code{.pl0 = true, .executable = true, .not_global = true};
    EXPECT_EQ(encode(code).leaf(Ipa{0xFFFFF000}, 2).raw, 0xFFFFF000 | 0xE7E);
}

TEST(MmuShortDescriptor, ASectionHasTheSameFieldsInOtherPlaces) {
    // S 16, AP[2] 15 = 0, TEX 14:12 = 001, AP[1:0] 11:10 = 01, domain 8:5 = 0, XN 4, C 3, B 2,
    // section 1:0 = 10.
    constexpr ShortAttributes data{.writable = true};
    EXPECT_EQ(encode(data).leaf(Ipa{0x80100000}, 1).raw, 0x80100000 | 0x1141E);
    // nG 17, S 16, AP[2] 15, TEX = 001, AP[1:0] = 11, no XN, C, B, section.
    constexpr ShortAttributes code{.pl0 = true, .executable = true, .not_global = true};
    EXPECT_EQ(encode(code).leaf(Ipa{0xFFF00000}, 1).raw, 0xFFF00000 | 0x39C0E);
}

TEST(MmuShortDescriptor, DevicesAndNonCacheableMemoryAreTheseWords) {
    // TEX = 000, C = 0, B = 1, AP[1:0] = 01, XN; S has no meaning there.
    constexpr ShortAttributes device{.memory = MemoryType::kDevice, .writable = true};
    EXPECT_EQ(encode(device).leaf(Ipa{0x08000000}, 2).raw, 0x08000000 | 0x017);
    EXPECT_EQ(encode(device).leaf(Ipa{0x08000000}, 1).raw, 0x08000000 | 0x00416);
    // TEX = 001, C = 0, B = 0, AP[2:0] = 101, XN.
    constexpr ShortAttributes uncached{.memory = MemoryType::kNormalNonCacheable};
    EXPECT_EQ(encode(uncached).leaf(Ipa{0}, 2).raw, 0x253);
    EXPECT_EQ(encode(uncached).leaf(Ipa{0}, 1).raw, 0x09412);
}

TEST(MmuShortDescriptor, AnEntryForATableIsInDomain0AndLeadsToAMultipleOf1KB) {
    const auto table = ShortDescriptor::table(Ipa{0x80000400});
    EXPECT_EQ(table.raw, 0x80000401);
    EXPECT_EQ(table.next_table<Ipa>(), Ipa{0x80000400});
    EXPECT_TRUE(table.is_table(1));
    EXPECT_FALSE(table.is_table(2) || table.is_leaf(1) || table.is_leaf(2));
}

TEST(MmuShortDescriptor, AttributesSurviveTheRoundTripThroughEitherLevel) {
    for (const ShortAttributes& attributes : all_attributes()) {
        for (const unsigned level : {1U, 2U}) {
            const auto leaf = encode(attributes).leaf(Ipa{0xABC00000}, level);
            EXPECT_EQ(decode<ShortAttributes>(leaf.page_attributes(level)), attributes);
            EXPECT_EQ(leaf.output<Ipa>(level), Ipa{0xABC00000});
            EXPECT_TRUE(leaf.is_leaf(level) && leaf.is_valid() && !leaf.is_table(level));
            EXPECT_TRUE(leaf.is_accessed(level)) << "AP[0] = 1, for AFE = 1";
        }
    }
}

TEST(MmuShortDescriptor, EveryPageOfASectionHasTheWordThatItWouldHaveByItself) {
    for (const ShortAttributes& attributes : all_attributes()) {
        const auto section = encode(attributes).leaf(Ipa{0x40000000}, 1);
        EXPECT_EQ(section.page_attributes(1).leaf(Ipa{0x40001000}, 2),
                  encode(attributes).leaf(Ipa{0x40001000}, 2));
    }
}

TEST(MmuShortDescriptor, WhatIsNeverWrittenIsNoLeaf) {
    EXPECT_FALSE(ShortDescriptor::from(0x00040002).is_leaf(1)) << "a supersection";
    EXPECT_FALSE(ShortDescriptor::from(0x00000001).is_leaf(2)) << "a large page";
    EXPECT_TRUE(ShortDescriptor::from(0x00000003).is_leaf(1)) << "a section with PXN";
    EXPECT_FALSE(ShortDescriptor{}.is_valid() || ShortDescriptor{}.is_leaf(1) ||
                 ShortDescriptor{}.is_leaf(2) || ShortDescriptor{}.is_table(1));
}

TEST(MmuShortDescriptor, UnknownMemoryReadsAsDeviceMemory) {
    const auto strongly_ordered = ShortDescriptor::from(0x012);
    EXPECT_EQ(decode<ShortAttributes>(strongly_ordered).memory, MemoryType::kDevice);
}

}  // namespace
}  // namespace hm::mmu
