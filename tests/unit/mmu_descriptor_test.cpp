#include "drivers/mmu/descriptor.hpp"

#include <gtest/gtest.h>

namespace hm::mmu {
namespace {

constexpr MemoryType kMemoryTypes[] = {MemoryType::kNormalWriteBack,
                                       MemoryType::kNormalNonCacheable, MemoryType::kDevice};

// Expected words are put together by hand from ARM DDI 0406C, B3.6.1 and B3.6.2.

TEST(MmuDescriptor, AStage1PageOfPrivilegedDataIsThisWord) {
    // XN 54, PXN 53, AF 10, SH 9:8 = 3, AP[2:1] 7:6 = 00, AttrIndx 4:2 = 0, type 0b11.
    constexpr Stage1Attributes data{.writable = true};
    constexpr Descriptor page = encode(data).with_address(Ipa{0x8012345000}).as_leaf(3);
    EXPECT_EQ(page.raw, 0x0060008012345703);
}

TEST(MmuDescriptor, AStage1PageOfAnApplicationsCodeIsThisWord) {
    // PXN 53, nG 11, AF 10, SH = 3, AP[2:1] = 11 (read-only, PL0 too).
    constexpr Stage1Attributes code{.pl0 = true, .execute = Execute::kPl0Only, .not_global = true};
    EXPECT_EQ(encode(code).as_leaf(3).raw, 0x0020000000000FC3);
}

TEST(MmuDescriptor, AStage1BlockOfADeviceIsThisWord) {
    // XN, PXN, AF, SH = 2 (outer), AttrIndx = 2, type 0b01.
    constexpr Stage1Attributes device{.memory = MemoryType::kDevice, .writable = true};
    EXPECT_EQ(encode(device).with_address(Ipa{0x40000000}).as_leaf(2).raw, 0x0060000040000609);
}

TEST(MmuDescriptor, AHypPageSetsAp1AndLeavesPxnAndNotGlobalZero) {
    constexpr HypAttributes data{.writable = true};
    EXPECT_EQ(encode(data).as_leaf(3).raw, 0x0040000000000743);
    constexpr HypAttributes code{.executable = true};
    EXPECT_EQ(encode(code).as_leaf(3).raw, 0x00000000000007C3);
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

TEST(MmuDescriptor, AStage2PageSaysItsMemoryTypeItself) {
    // AF, SH = 3, HAP 7:6 = 11, MemAttr 5:2 = 1111.
    constexpr Stage2Attributes ram{.read = true, .write = true, .executable = true};
    EXPECT_EQ(encode(ram).with_address(Pa{0xFFFFFFF000}).as_leaf(3).raw, 0x000000FFFFFFF7FF);
    // XN, AF, SH = 2, HAP = 01, MemAttr = 0001.
    constexpr Stage2Attributes device{.memory = MemoryType::kDevice, .read = true};
    EXPECT_EQ(encode(device).as_leaf(1).raw, 0x0040000000000645);
    // MemAttr = 0101, HAP = 10: write-only.
    constexpr Stage2Attributes sink{.memory = MemoryType::kNormalNonCacheable, .write = true};
    EXPECT_EQ(encode(sink).as_leaf(3).raw, 0x0040000000000697);
}

TEST(MmuDescriptor, Stage1AttributesSurviveTheRoundTrip) {
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

TEST(MmuDescriptor, HypAndStage2AttributesSurviveTheRoundTrip) {
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

TEST(MmuDescriptor, UnknownStage2MemoryReadsAsDeviceMemory) {
    const auto strongly_ordered = Descriptor::from(0x7C1);
    EXPECT_EQ(decode<Stage2Attributes>(strongly_ordered).memory, MemoryType::kDevice);
}

TEST(MmuDescriptor, EveryLeafHasItsAccessFlagSetAndIsNotContiguous) {
    for (const std::uint64_t raw : {encode(Stage1Attributes{}).raw, encode(HypAttributes{}).raw,
                                    encode(Stage2Attributes{}).raw}) {
        EXPECT_TRUE(Descriptor::from(raw).get(Descriptor::kAccessFlag));
        EXPECT_FALSE(Stage2Leaf::from(raw).get(Stage2Leaf::kContiguous));
    }
}

TEST(MmuDescriptor, OneBitTellsATableFromABlockAndPagesHaveItSet) {
    const Descriptor table = table_descriptor(Pa{0xFFFFFFF000});
    EXPECT_EQ(table.raw, 0x000000FFFFFFF003);
    EXPECT_TRUE(table.is_table(1) && table.is_table(2));
    EXPECT_FALSE(table.is_table(3));
    EXPECT_TRUE(table.is_leaf(3));
    const Descriptor block = Descriptor{}.as_leaf(2);
    EXPECT_EQ(block.raw, 1);
    EXPECT_TRUE(block.is_leaf(1) && block.is_leaf(2));
    EXPECT_FALSE(block.is_leaf(3));
    EXPECT_FALSE(Descriptor{}.is_valid() || Descriptor{}.is_leaf(2) || Descriptor{}.is_table(2));
}

TEST(MmuDescriptor, AnAddressKeepsAll40Bits) {
    EXPECT_EQ(Descriptor{}.with_address(Pa{0xFEDCBA9000}).address<Pa>(), Pa{0xFEDCBA9000});
}

}  // namespace
}  // namespace hm::mmu
