#include "drivers/mmu/walker.hpp"

#include <gtest/gtest.h>

#include "drivers/mmu/builder.hpp"
#include "tests/unit/drivers/mmu/fake_memory.hpp"

namespace hm::mmu {
namespace {

using test::FakeMemory;

/// The offset of the entry with that index in its table.
constexpr std::uint64_t entry(std::uint64_t index) { return index * 8; }

template <class Format>
struct Tables {
    using Input = typename Format::Input;
    using Output = typename Format::Output;

    explicit Tables(Output base = Output{0x80000000})
        : memory(8, base), builder(memory, memory.root()) {}

    void map(std::uint64_t input, std::uint64_t output, Size size) {
        ASSERT_EQ(builder.map({Input{input}, bytes(size)}, Output{output}, {}, size), Status::kOk);
    }
    [[nodiscard]] Walk<Format> walk(std::uint64_t input) {
        return mmu::walk<Format>(memory, memory.root(), Input{input});
    }

    FakeMemory<Format> memory;
    Builder<Format, FakeMemory<Format>> builder;
};

// One stage: a walk reads one descriptor per level, from the start level down to the leaf.

TEST(MmuWalker, AStage1PageOf4KTakesThreeReads) {
    Tables<Stage1> tables;
    tables.map(0xC0201000, 0x8012345000, Size::k4K);
    const auto walk = tables.walk(0xC0201ABC);
    EXPECT_EQ(walk.fault, WalkFault::kNone);
    EXPECT_EQ(walk.output, Ipa{0x8012345ABC});
    EXPECT_EQ(walk.level, 3);
    EXPECT_EQ(walk.size, Size::k4K);
    EXPECT_EQ(walk.reads, 3);
    // Level 1: bits 31:30 = 3; level 2: bits 29:21 = 1; level 3: bits 20:12 = 1.
    EXPECT_EQ(walk.read_at[0], tables.memory.root() + entry(3));
    EXPECT_EQ(walk.read_at[1].value % kFrameBytes, entry(1));
    EXPECT_EQ(walk.read_at[2].value % kFrameBytes, entry(1));
}

TEST(MmuWalker, AStage1BlockOf2MTakesTwoReadsAndOneOf1GTakesOne) {
    Tables<Stage1> tables;
    tables.map(0x40200000, 0x80600000, Size::k2M);
    tables.map(0x80000000, 0xFFC0000000, Size::k1G);
    EXPECT_EQ(tables.walk(0x40212345).reads, 2);
    EXPECT_EQ(tables.walk(0x40212345).output, Ipa{0x80612345});
    EXPECT_EQ(tables.walk(0xBFFFFFFF).reads, 1);
    EXPECT_EQ(tables.walk(0xBFFFFFFF).output, Ipa{0xFFFFFFFFFF});
}

TEST(MmuWalker, Stage2Of40BitsStartsAtLevel1WhicheverOfTheConcatenatedTablesItMeets) {
    Tables<Stage2> tables;
    tables.map(0x8000001000, 0x1000, Size::k4K);
    const auto walk = tables.walk(0x8000001FFF);
    EXPECT_EQ(walk.reads, 3);
    EXPECT_EQ(walk.read_at[0], tables.memory.root() + entry(512));
    EXPECT_EQ(walk.output, Pa{0x1FFF});
}

TEST(MmuWalker, Stage2Of32BitsStartsAtLevel2AndSavesARead) {
    Tables<Stage2Narrow> tables;
    tables.map(0xFFFFF000, 0x1000, Size::k4K);
    tables.map(0x40000000, 0x8000000000, Size::k2M);
    EXPECT_EQ(tables.walk(0xFFFFF000).reads, 2);
    EXPECT_EQ(tables.walk(0xFFFFF000).read_at[0], tables.memory.root() + entry(2047));
    EXPECT_EQ(tables.walk(0x40000000).reads, 1);
}

TEST(MmuWalker, AnInvalidEntryIsATranslationFaultAtItsLevel) {
    Tables<Stage1> tables;
    tables.map(0x40201000, 0x1000, Size::k4K);
    for (const auto& [input, level] :
         {std::pair{0x80000000U, 1U}, {0x40400000U, 2U}, {0x40202000U, 3U}}) {
        const auto walk = tables.walk(input);
        EXPECT_EQ(walk.fault, WalkFault::kTranslation);
        EXPECT_EQ(walk.level, level);
        EXPECT_EQ(walk.reads, level);
        EXPECT_FALSE(walk.output);
    }
}

TEST(MmuWalker, AnInputBeyondTheTranslatedSpaceFaultsAtLevel1WithoutARead) {
    Tables<Stage2Narrow> tables;
    const auto walk = tables.walk(0x100000000);
    EXPECT_EQ(walk.fault, WalkFault::kTranslation);
    EXPECT_EQ(walk.level, 1);
    EXPECT_EQ(walk.reads, 0);
}

TEST(MmuWalker, TheReservedEntryOfLevel3IsATranslationFault) {
    Tables<Stage1> tables;
    tables.map(0x1000, 0x1000, Size::k4K);
    const auto mapped = tables.walk(0x1000);
    const Ipa table = align_down(mapped.read_at[2], Size::k4K);
    tables.memory.write(
        table, 2, LongDescriptor{}.leaf(Ipa{0}, 2).with(LongDescriptor::kAccessFlag, true).raw);
    EXPECT_EQ(tables.walk(0x2000).fault, WalkFault::kTranslation);
    EXPECT_EQ(tables.walk(0x2000).level, 3);
}

TEST(MmuWalker, AnEntryWithoutItsAccessFlagFaultsAsSuch) {
    Tables<HypStage1> tables;
    tables.memory.write(tables.memory.root(), 1, LongDescriptor{}.leaf(Pa{0}, 1).raw);
    EXPECT_EQ(tables.walk(0x40000000).fault, WalkFault::kAccessFlag);
    EXPECT_FALSE(tables.walk(0x40000000).output);
}

TEST(MmuWalker, AShortSectionTakesOneReadAndASmallPageTwo) {
    Tables<ShortStage1> tables;
    tables.map(0x40300000, 0x12300000, Size::k1M);
    tables.map(0xFFFFE000, 0x00001000, Size::k4K);
    const auto section = tables.walk(0x40354321);
    EXPECT_EQ(section.output, Ipa{0x12354321});
    EXPECT_EQ(section.size, Size::k1M);
    EXPECT_EQ(section.level, 1);
    EXPECT_EQ(section.reads, 1);
    // Bits 31:20 = 0x403, entries of 4 bytes.
    EXPECT_EQ(section.read_at[0], tables.memory.root() + 0x403 * 4);
    const auto page = tables.walk(0xFFFFEABC);
    EXPECT_EQ(page.output, Ipa{0x1ABC});
    EXPECT_EQ(page.size, Size::k4K);
    EXPECT_EQ(page.level, 2);
    EXPECT_EQ(page.reads, 2);
    // Bits 31:20 = 0xFFF, then bits 19:12 = 0xFE in a table of 1 KB.
    EXPECT_EQ(page.read_at[0], tables.memory.root() + 0xFFF * 4);
    EXPECT_EQ(page.read_at[1].value % 1024, 0xFE * 4);
}

TEST(MmuWalker, ShortEntriesFaultAtTheirLevel) {
    Tables<ShortStage1> tables;
    tables.map(0x1000, 0x1000, Size::k4K);
    EXPECT_EQ(tables.walk(0x100000).fault, WalkFault::kTranslation);
    EXPECT_EQ(tables.walk(0x100000).level, 1);
    EXPECT_EQ(tables.walk(0x2000).fault, WalkFault::kTranslation);
    EXPECT_EQ(tables.walk(0x2000).level, 2);
    EXPECT_EQ(tables.walk(0x2000).reads, 2);
    // A section whose AP[0] is 0: if SCTLR.AFE = 1, its access flag is clear.
    tables.memory.write(tables.memory.root(), 7, 0x00000002);
    EXPECT_EQ(tables.walk(0x700000).fault, WalkFault::kAccessFlag);
}

TEST(MmuWalker, AttributesAreThoseOfTheLeaf) {
    Tables<HypStage1> tables;
    constexpr HypAttributes device{.memory = MemoryType::kDevice, .writable = true};
    ASSERT_EQ(tables.builder.map({Va{0x1000}, 0x1000}, Pa{0x9000000}, device), Status::kOk);
    EXPECT_EQ(tables.walk(0x1000).attributes, device);
}

// Two stages: stage-1 tables at IPA 0x80000000, which stage 2 places at PA 0xC0000000.

constexpr std::uint64_t kFirstTables = 0x80000000;
constexpr std::uint64_t kFirstTablesPa = 0xC0000000;

template <class First, class Second>
struct Nested {
    /// Stage-1 tables as the bus sees them: where stage 2 places them.
    struct FirstOnTheBus {
        auto read(Pa table, unsigned index) {
            return memory.read(Ipa{table.value - kFirstTablesPa + kFirstTables}, index);
        }
        FakeMemory<First>& memory;
    };

    [[nodiscard]] NestedWalk<First, Second> walk(std::uint64_t input) {
        FirstOnTheBus first_memory{first.memory};
        return nested_walk<First, Second>(first_memory, second.memory, first.memory.root(),
                                          second.memory.root(), Va{input});
    }
    /// Stage 1 maps VA 0x40000000 to IPA 0x40000000 with leaves of size `n`. Stage 2 maps this IPA
    /// and the stage-1 tables with leaves of size `m`.
    [[nodiscard]] unsigned reads(Size n, Size m) {
        first.map(0x40000000, 0x40000000, n);
        second.map(kFirstTables, kFirstTablesPa, m);
        for (std::uint64_t at = bytes(m); at < kFirstTablesBytes; at += bytes(m)) {
            second.map(kFirstTables + at, kFirstTablesPa + at, m);
        }
        second.map(0x40000000, 0x100000000, m);
        const auto nested = walk(0x40000123);
        EXPECT_EQ(nested.output, Pa{0x100000123});
        return nested.reads;
    }

    static constexpr std::uint64_t kFirstTablesBytes =
        (First::kGeometry.root_tables() + 8) * First::kTableBytes;
    Tables<First> first{Ipa{kFirstTables}};
    Tables<Second> second{Pa{0x90000000}};
};
using NestedLong = Nested<Stage1, Stage2>;
using NestedLongNarrow = Nested<Stage1, Stage2Narrow>;
using NestedShort = Nested<ShortStage1, Stage2>;
using NestedShortNarrow = Nested<ShortStage1, Stage2Narrow>;

// n stage-1 levels, m stage-2 levels: each of the n descriptors takes m reads to find and one to
// read, and the output's IPA takes m more: n (m + 1) + m = (n + 1)(m + 1) - 1.

TEST(MmuWalker, NestedPagesOf4KInBothStagesTake15Reads) {
    EXPECT_EQ(NestedLong{}.reads(Size::k4K, Size::k4K), 3 * (3 + 1) + 3);
}

TEST(MmuWalker, NestedReadsFallWithTheLevelsOfEitherStage) {
    EXPECT_EQ(NestedLong{}.reads(Size::k2M, Size::k4K), 2 * (3 + 1) + 3);  // 11
    EXPECT_EQ(NestedLong{}.reads(Size::k1G, Size::k4K), 1 * (3 + 1) + 3);  // 7
    EXPECT_EQ(NestedLong{}.reads(Size::k4K, Size::k2M), 3 * (2 + 1) + 2);  // 11
    EXPECT_EQ(NestedLong{}.reads(Size::k2M, Size::k2M), 2 * (2 + 1) + 2);  // 8
    EXPECT_EQ(NestedLong{}.reads(Size::k1G, Size::k2M), 1 * (2 + 1) + 2);  // 5
    EXPECT_EQ(NestedLong{}.reads(Size::k4K, Size::k1G), 3 * (1 + 1) + 1);  // 7
    EXPECT_EQ(NestedLong{}.reads(Size::k2M, Size::k1G), 2 * (1 + 1) + 1);  // 5
    EXPECT_EQ(NestedLong{}.reads(Size::k1G, Size::k1G), 1 * (1 + 1) + 1);  // 3
}

TEST(MmuWalker, NestedReadsAreFewerWhereStage2StartsAtLevel2) {
    // One stage-2 level less everywhere: 4 KB pages have m = 2, 2 MB blocks m = 1.
    EXPECT_EQ(NestedLongNarrow{}.reads(Size::k4K, Size::k4K), 3 * (2 + 1) + 2);  // 11, not 15
    EXPECT_EQ(NestedLongNarrow{}.reads(Size::k2M, Size::k2M), 2 * (1 + 1) + 1);  // 5, not 8
}

TEST(MmuWalker, NestedShortDescriptorsHaveOneStage1LevelLess) {
    // n = 2 for small pages, 1 for sections; m as above.
    EXPECT_EQ(NestedShort{}.reads(Size::k4K, Size::k4K), 2 * (3 + 1) + 3);  // 11
    EXPECT_EQ(NestedShort{}.reads(Size::k4K, Size::k2M), 2 * (2 + 1) + 2);  // 8
    EXPECT_EQ(NestedShort{}.reads(Size::k4K, Size::k1G), 2 * (1 + 1) + 1);  // 5
    EXPECT_EQ(NestedShort{}.reads(Size::k1M, Size::k4K), 1 * (3 + 1) + 3);  // 7
    EXPECT_EQ(NestedShort{}.reads(Size::k1M, Size::k2M), 1 * (2 + 1) + 2);  // 5
    EXPECT_EQ(NestedShort{}.reads(Size::k1M, Size::k1G), 1 * (1 + 1) + 1);  // 3
}

TEST(MmuWalker, NestedShortDescriptorsOverAStage2ThatStartsAtLevel2) {
    // m = 2 for 4 KB pages, 1 for 2 MB blocks.
    EXPECT_EQ(NestedShortNarrow{}.reads(Size::k4K, Size::k4K), 2 * (2 + 1) + 2);  // 8
    EXPECT_EQ(NestedShortNarrow{}.reads(Size::k4K, Size::k2M), 2 * (1 + 1) + 1);  // 5
    EXPECT_EQ(NestedShortNarrow{}.reads(Size::k1M, Size::k4K), 1 * (2 + 1) + 2);  // 5
    EXPECT_EQ(NestedShortNarrow{}.reads(Size::k1M, Size::k2M), 1 * (1 + 1) + 1);  // 3
}

TEST(MmuWalker, ANestedWalkOfASmallPageNamesDescriptorsOfBothSizes) {
    NestedShort nested;
    ASSERT_EQ(nested.reads(Size::k4K, Size::k1G), 5);
    const auto walk = nested.walk(0x40000000);
    const Pa second_root = nested.second.memory.root();
    EXPECT_EQ(walk.read_at[0], second_root + entry(2));          // IPA of the stage-1 root.
    EXPECT_EQ(walk.read_at[1], Pa{kFirstTablesPa} + 0x400 * 4);  // VA bits 31:20 = 0x400.
    EXPECT_EQ(walk.read_at[2], second_root + entry(2));          // IPA of the level-2 table.
    EXPECT_EQ(walk.read_at[3], Pa{kFirstTablesPa} + 16 * 1024);  // It lies after the root.
    EXPECT_EQ(walk.read_at[4], second_root + entry(1));          // The output's IPA.
}

TEST(MmuWalker, MixedStage2SizesAddUpDescriptorByDescriptor) {
    NestedLong nested;
    nested.first.map(0x40000000, 0x40000000, Size::k2M);
    nested.second.map(kFirstTables, kFirstTablesPa, Size::k2M);
    nested.second.map(0x40000000, 0x100000000, Size::k4K);
    // Two stage-1 descriptors in 2 MB blocks (2 + 1 each), the output in a 4 KB page (3).
    EXPECT_EQ(nested.walk(0x40000000).reads, 2 * (2 + 1) + 3);
}

TEST(MmuWalker, ANestedWalkNamesEveryDescriptorInTheOrderRead) {
    NestedLong nested;
    ASSERT_EQ(nested.reads(Size::k1G, Size::k1G), 3);
    const auto walk = nested.walk(0x40000000);
    EXPECT_EQ(walk.read_at[0],
              nested.second.memory.root() + entry(2));          // IPA of the stage-1 root.
    EXPECT_EQ(walk.read_at[1], Pa{kFirstTablesPa} + entry(1));  // The stage-1 descriptor.
    EXPECT_EQ(walk.read_at[2],
              nested.second.memory.root() + entry(1));  // The output's IPA.
}

TEST(MmuWalker, ANestedFaultSaysWhichStageFailedAndOnWhat) {
    NestedLong nested;
    const auto unreachable = nested.walk(0x40000000);
    EXPECT_EQ(unreachable.first.fault, WalkFault::kStage2OnWalk);
    EXPECT_EQ(unreachable.second->fault, WalkFault::kTranslation);
    EXPECT_FALSE(unreachable.output);

    nested.second.map(kFirstTables, kFirstTablesPa, Size::k2M);
    const auto unmapped = nested.walk(0x40000000);
    EXPECT_EQ(unmapped.first.fault, WalkFault::kTranslation);
    EXPECT_FALSE(unmapped.second);
    EXPECT_EQ(unmapped.reads, 3);  // Two to find the stage-1 root's entry, and the entry.

    nested.first.map(0x40000000, 0x40000000, Size::k4K);
    const auto absent = nested.walk(0x40000000);
    EXPECT_EQ(absent.first.fault, WalkFault::kNone);
    EXPECT_EQ(absent.second->fault, WalkFault::kTranslation);
    EXPECT_EQ(absent.second->level, 1);
    EXPECT_FALSE(absent.output);
}

}  // namespace
}  // namespace hm::mmu
