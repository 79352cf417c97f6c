#include "drivers/mmu/long_descriptor.hpp"

#include <gtest/gtest.h>

namespace hm::mmu {
namespace {

constexpr MemoryType kMemoryTypes[] = {MemoryType::kNormalWriteBack,
                                       MemoryType::kNormalNonCacheable, MemoryType::kDevice};

// Expected words are worked out by hand from ARM DDI 0406C, B3.6.1 and B3.6.2.

TEST(MmuLongDescriptor, AStage1PageOfPrivilegedDataIsThisWord) {
    // XN 54, PXN 53, AF 10, SH 9:8 = 3, AP[2:1] 7:6 = 00, AttrIndx 4:2 = 0, type 0b11.
    constexpr Stage1Attributes data{.writable = true};
    constexpr LongDescriptor page = encode(data).leaf(Ipa{0x8012345000}, 3);
    EXPECT_EQ(page.raw, 0x0060008012345703);
}

TEST(MmuLongDescriptor, AStage1PageOfAnApplicationsCodeIsThisWord) {
    // PXN 53, nG 11, AF 10, SH = 3, AP[2:1] = 11 (read-only, PL0 too).
    constexpr Stage1Attributes code{.pl0 = true, .execute = Execute::kPl0Only, .not_global = true};
    EXPECT_EQ(encode(code).leaf(Pa{0}, 3).raw, 0x0020000000000FC3);
}

TEST(MmuLongDescriptor, AStage1BlockOfADeviceIsThisWord) {
    // XN, PXN, AF, SH = 2 (outer), AttrIndx = 2, type 0b01.
    constexpr Stage1Attributes device{.memory = MemoryType::kDevice, .writable = true};
    EXPECT_EQ(encode(device).leaf(Ipa{0x40000000}, 2).raw, 0x0060000040000609);
}

TEST(MmuLongDescriptor, AHypPageSetsAp1AndLeavesPxnAndNotGlobalZero) {
    constexpr HypAttributes data{.writable = true};
    EXPECT_EQ(encode(data).leaf(Pa{0}, 3).raw, 0x0040000000000743);
    constexpr HypAttributes code{.executable = true};
    EXPECT_EQ(encode(code).leaf(Pa{0}, 3).raw, 0x00000000000007C3);
    for (const MemoryType memory : kMemoryTypes) {
        for (unsigned bits = 0; bits < 4; ++bits) {
            const auto leaf = Stage1Leaf::from(
                encode(HypAttributes{memory, (bits & 1) != 0, (bits & 2) != 0}).raw);
            EXPECT_TRUE(leaf.get(Stage1Leaf::kAp1));
            EXPECT_FALSE(leaf.get(Stage1Leaf::kPxn));
            EXPECT_FALSE(leaf.get(Stage1Leaf::kNotGlobal));
            EXPECT_FALSE(leaf.get(Stage1Leaf::kNonSecure));
        }
    }
}

TEST(MmuLongDescriptor, AStage2PageSaysItsMemoryTypeItself) {
    // AF, SH = 3, HAP 7:6 = 11, MemAttr 5:2 = 1111.
    constexpr Stage2Attributes ram{.read = true, .write = true, .executable = true};
    EXPECT_EQ(encode(ram).leaf(Pa{0xFFFFFFF000}, 3).raw, 0x000000FFFFFFF7FF);
    // XN, AF, SH = 2, HAP = 01, MemAttr = 0001.
    constexpr Stage2Attributes device{.memory = MemoryType::kDevice, .read = true};
    EXPECT_EQ(encode(device).leaf(Pa{0}, 1).raw, 0x0040000000000645);
    // MemAttr = 0101, HAP = 10: write-only.
    constexpr Stage2Attributes sink{.memory = MemoryType::kNormalNonCacheable, .write = true};
    EXPECT_EQ(encode(sink).leaf(Pa{0}, 3).raw, 0x0040000000000697);
}

TEST(MmuLongDescriptor, Stage1AttributesSurviveTheRoundTrip) {
    for (const MemoryType memory : kMemoryTypes) {
        for (const Execute execute : {Execute::kNever, Execute::kPl0Only, Execute::kAll}) {
            for (unsigned bits = 0; bits < 8; ++bits) {
                const Stage1Attributes attributes{memory, (bits & 1) != 0, (bits & 2) != 0, execute,
                                                  (bits & 4) != 0};
                EXPECT_EQ(decode<Stage1Attributes>(encode(attributes)), attributes);
            }
        }
    }
}

TEST(MmuLongDescriptor, HypAndStage2AttributesSurviveTheRoundTrip) {
    for (const MemoryType memory : kMemoryTypes) {
        for (unsigned bits = 0; bits < 8; ++bits) {
            const HypAttributes hyp{memory, (bits & 1) != 0, (bits & 2) != 0};
            EXPECT_EQ(decode<HypAttributes>(encode(hyp)), hyp);
            const Stage2Attributes second{memory, (bits & 1) != 0, (bits & 2) != 0,
                                          (bits & 4) != 0};
            EXPECT_EQ(decode<Stage2Attributes>(encode(second)), second);
        }
    }
}

TEST(MmuLongDescriptor, UnknownStage2MemoryReadsAsDeviceMemory) {
    const auto strongly_ordered = LongDescriptor::from(0x7C1);
    EXPECT_EQ(decode<Stage2Attributes>(strongly_ordered).memory, MemoryType::kDevice);
}

TEST(MmuLongDescriptor, EveryLeafHasItsAccessFlagSetAndIsNotContiguous) {
    for (const std::uint64_t raw : {encode(Stage1Attributes{}).raw, encode(HypAttributes{}).raw,
                                    encode(Stage2Attributes{}).raw}) {
        EXPECT_TRUE(LongDescriptor::from(raw).get(LongDescriptor::kAccessFlag));
        EXPECT_FALSE(Stage2Leaf::from(raw).get(Stage2Leaf::kContiguous));
    }
}

TEST(MmuLongDescriptor, OneBitTellsATableFromABlockAndPagesHaveItSet) {
    const LongDescriptor table = LongDescriptor::table(Pa{0xFFFFFFF000});
    EXPECT_EQ(table.raw, 0x000000FFFFFFF003);
    EXPECT_TRUE(table.is_table(1) && table.is_table(2));
    EXPECT_FALSE(table.is_table(3));
    EXPECT_TRUE(table.is_leaf(3));
    const LongDescriptor block = LongDescriptor{}.leaf(Pa{0}, 2);
    EXPECT_EQ(block.raw, 1);
    EXPECT_TRUE(block.is_leaf(1) && block.is_leaf(2));
    EXPECT_FALSE(block.is_leaf(3));
    EXPECT_FALSE(LongDescriptor{}.is_valid() || LongDescriptor{}.is_leaf(2) ||
                 LongDescriptor{}.is_table(2));
}

TEST(MmuLongDescriptor, AnAddressKeepsAll40Bits) {
    const LongDescriptor page = LongDescriptor{}.leaf(Pa{0xFEDCBA9000}, 3);
    EXPECT_EQ(page.output<Pa>(3), Pa{0xFEDCBA9000});
}

}  // namespace
}  // namespace hm::mmu
