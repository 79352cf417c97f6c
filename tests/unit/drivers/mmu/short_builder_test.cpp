// What is special about short descriptors. The rest of the builder is the same for all formats.

#include <gtest/gtest.h>

#include "tests/unit/drivers/mmu/bench.hpp"

namespace hm::mmu {
namespace {

using Short = test::Bench<ShortStage1>;

constexpr std::uint64_t k4K = bytes(Size::k4K);
constexpr std::uint64_t k1M = bytes(Size::k1M);

constexpr ShortAttributes kCode{.pl0 = true, .executable = true};
constexpr ShortAttributes kData{.pl0 = true, .writable = true, .not_global = true};
constexpr ShortAttributes kDevice{.memory = MemoryType::kDevice, .writable = true};

TEST(MmuShortBuilder, MapTakesSectionsWhereTheyFitAndPagesElsewhere) {
    Short bench;
    ASSERT_EQ(bench.map(k1M - k4K, k4K + 2 * k1M + k4K, 0x80000000 - k4K), Status::kOk);
    EXPECT_EQ(bench.size_of(k1M - k4K), Size::k4K);
    EXPECT_EQ(bench.size_of(k1M), Size::k1M);
    EXPECT_EQ(bench.size_of(2 * k1M), Size::k1M);
    EXPECT_EQ(bench.size_of(3 * k1M), Size::k4K);
    EXPECT_EQ(bench.walk(2 * k1M + 0x54321).output, Ipa{0x80000000 + k1M + 0x54321});
    EXPECT_EQ(bench.memory.allocations, 2);
}

TEST(MmuShortBuilder, ATableOfLevel2TakesOneKilobyte) {
    Short bench;
    ASSERT_EQ(bench.map(0, 2 * k1M, 0, Size::k4K), Status::kOk);
    const auto first = bench.walk(0).read_at[1];
    const auto second = bench.walk(k1M).read_at[1];
    EXPECT_EQ(second - first, 1024);
    EXPECT_EQ(bench.walk(k1M - 1).read_at[1], first + 255 * 4);
}

TEST(MmuShortBuilder, ASectionThatIsSplitGivesPagesOfItsAttributes) {
    Short bench;
    ASSERT_EQ(bench.map(k1M, k1M, 0x12300000, Size::k1M, kCode), Status::kOk);
    ASSERT_EQ(bench.protect(k1M + 5 * k4K, k4K, kData), Status::kOk);
    EXPECT_EQ(bench.size_of(k1M), Size::k4K);
    for (const std::uint64_t page : {0U, 4U, 6U, 255U}) {
        EXPECT_EQ(bench.walk(k1M + page * k4K).attributes, kCode);
        EXPECT_EQ(bench.walk(k1M + page * k4K + 1).output, Ipa{0x12300000 + page * k4K + 1});
    }
    EXPECT_EQ(bench.walk(k1M + 5 * k4K).attributes, kData);
    EXPECT_EQ(bench.walk(k1M + 5 * k4K).output, Ipa{0x12305000});
}

TEST(MmuShortBuilder, UnmappingPartOfASectionKeepsTheRest) {
    Short bench;
    ASSERT_EQ(bench.map(0, k1M, k1M, Size::k1M, kDevice), Status::kOk);
    ASSERT_EQ(bench.unmap(k4K, k1M - 2 * k4K), Status::kOk);
    EXPECT_EQ(bench.walk(0).attributes, kDevice);
    EXPECT_FALSE(bench.walk(k4K).output);
    EXPECT_EQ(bench.walk(k1M - k4K).output, Ipa{2 * k1M - k4K});
    ASSERT_EQ(bench.unmap(0, k4K), Status::kOk);
    ASSERT_EQ(bench.unmap(k1M - k4K, k4K), Status::kOk);
    EXPECT_EQ(bench.memory.available(), 16) << "the table went with its last page";
}

TEST(MmuShortBuilder, AllSectionsOfTheAddressSpaceMayBeMapped) {
    Short bench;
    ASSERT_EQ(bench.map(0, Va::limit, 0), Status::kOk);
    EXPECT_EQ(bench.memory.stores, 4096);
    EXPECT_EQ(bench.walk(0xFFFFFFFF).output, Ipa{0xFFFFFFFF});
}

TEST(MmuShortBuilder, OutputsEndAt32Bits) {
    Short bench;
    EXPECT_EQ(bench.map(0, k4K, 0x100000000), Status::kOutOfRange);
    EXPECT_EQ(bench.map(0, 2 * k4K, 0xFFFFF000), Status::kOutOfRange);
    EXPECT_EQ(bench.builder.map_page(Va{0}, Ipa{0x100000000}, kData), Status::kOutOfRange);
    EXPECT_EQ(bench.map(0, k4K, 0xFFFFF000), Status::kOk);
}

TEST(MmuShortBuilder, ThereAreNoBlocksOfLongDescriptors) {
    Short bench;
    EXPECT_EQ(bench.map(0, bytes(Size::k2M), 0, Size::k2M), Status::kOutOfRange);
    EXPECT_EQ(bench.map(0, bytes(Size::k1G), 0, Size::k1G), Status::kOutOfRange);
    EXPECT_EQ(bench.map(k4K, k1M, 0, Size::k1M), Status::kMisaligned);
}

TEST(MmuShortBuilder, PagesAreMappedAndUnmappedInPlaceAsWithLongDescriptors) {
    Short bench;
    ASSERT_EQ(bench.map(0, k4K, 0), Status::kOk);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_pages(Va{k4K}, Ipa{k1M}, 16, kData), Status::kOk);
    EXPECT_EQ(bench.memory.history.size(), 17) << "16 stores, one completion";
    EXPECT_EQ(bench.walk(16 * k4K).output, Ipa{k1M + 15 * k4K});
    bench.memory.settle();
    ASSERT_EQ(bench.builder.unmap_page(Va{k4K}), Status::kOk);
    EXPECT_EQ(bench.memory.history.size(), 2) << "one store, one maintenance";
    EXPECT_FALSE(bench.walk(k4K).output);
    ASSERT_EQ(bench.map(k1M, k1M, k1M), Status::kOk);
    EXPECT_EQ(bench.builder.unmap_page(Va{k1M}), Status::kNotMapped) << "a section";
}

}  // namespace
}  // namespace hm::mmu
