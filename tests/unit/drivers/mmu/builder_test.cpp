#include "drivers/mmu/builder.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/mmu/bench.hpp"

namespace hm::mmu {
namespace {

using test::Bench;
using test::FakeMemory;

constexpr std::uint64_t k4K = bytes(Size::k4K);
constexpr std::uint64_t k2M = bytes(Size::k2M);
constexpr std::uint64_t k1G = bytes(Size::k1G);

constexpr Stage2Attributes kRam{.read = true, .write = true, .executable = true};
constexpr Stage2Attributes kReadOnly{.read = true};

using Second = Bench<Stage2>;

TEST(MmuBuilder, MapTakesTheLargestBlockThatFits) {
    Second bench;
    ASSERT_EQ(bench.map(k1G - k2M - k4K, 2 * k1G + k2M + k4K + k4K, 5 * k1G - k2M - k4K),
              Status::kOk);
    EXPECT_EQ(bench.size_of(k1G - k2M - k4K), Size::k4K);
    EXPECT_EQ(bench.size_of(k1G - k2M), Size::k2M);
    EXPECT_EQ(bench.size_of(k1G), Size::k1G);
    EXPECT_EQ(bench.size_of(2 * k1G), Size::k1G);
    EXPECT_EQ(bench.size_of(3 * k1G), Size::k4K);
    EXPECT_EQ(bench.walk(2 * k1G + 0x123).output, Pa{6 * k1G + 0x123});
}

TEST(MmuBuilder, MapTakesSmallerBlocksWhereTheOutputIsAlignedWorse) {
    Second bench;
    ASSERT_EQ(bench.map(k1G, k1G, 2 * k1G + k2M), Status::kOk);
    EXPECT_EQ(bench.size_of(k1G), Size::k2M);
    ASSERT_EQ(bench.map(4 * k1G, k2M, k4K), Status::kOk);
    EXPECT_EQ(bench.size_of(4 * k1G), Size::k4K);
}

TEST(MmuBuilder, AForcedSizeIsTakenEvenWhereALargerBlockFits) {
    Second bench(600);
    ASSERT_EQ(bench.map(0, k2M, 0, Size::k4K), Status::kOk);
    EXPECT_EQ(bench.size_of(0), Size::k4K);
    ASSERT_EQ(bench.map(k1G, k1G, k1G, Size::k2M), Status::kOk);
    EXPECT_EQ(bench.size_of(k1G), Size::k2M);
    ASSERT_EQ(bench.map(2 * k1G, k1G, 2 * k1G, Size::k4K), Status::kOk);
    EXPECT_EQ(bench.size_of(3 * k1G - 1), Size::k4K);
    EXPECT_EQ(bench.memory.allocations, 2 + 1 + 1 + 512);
}

TEST(MmuBuilder, AForcedSizeAsksForItsOwnAlignment) {
    Second bench;
    EXPECT_EQ(bench.map(k4K, k2M, k4K, Size::k2M), Status::kMisaligned);
    EXPECT_EQ(bench.map(k2M, k2M, k4K, Size::k2M), Status::kMisaligned);
    EXPECT_EQ(bench.map(k1G, k2M, k1G, Size::k1G), Status::kMisaligned);
    EXPECT_EQ(bench.map(k2M, k2M, 2 * k2M, Size::k2M), Status::kOk);
}

TEST(MmuBuilder, AFormatThatStartsAtLevel2HasNoBlocksOf1G) {
    Bench<Stage2Narrow> bench;
    EXPECT_EQ(bench.map(k1G, k1G, k1G, Size::k1G), Status::kOutOfRange);
    EXPECT_EQ(bench.map(k1G, k1G, k1G), Status::kOk);
    EXPECT_EQ(bench.size_of(k1G), Size::k2M);
    EXPECT_EQ(bench.memory.allocations, 0);
}

TEST(MmuBuilder, AddressesAndLengthsAreMultiplesOf4K) {
    Second bench;
    EXPECT_EQ(bench.map(0x800, k4K, 0), Status::kMisaligned);
    EXPECT_EQ(bench.map(0, 0x800, 0), Status::kMisaligned);
    EXPECT_EQ(bench.map(0, k4K, 0x10), Status::kMisaligned);
    EXPECT_EQ(bench.builder.map_page(Ipa{1}, Pa{0}, kRam), Status::kMisaligned);
    EXPECT_EQ(bench.builder.map_page(Ipa{0}, Pa{1}, kRam), Status::kMisaligned);
    EXPECT_EQ(bench.unmap(1, k4K), Status::kMisaligned);
    EXPECT_EQ(bench.unmap(0, 1), Status::kMisaligned);
    EXPECT_EQ(bench.protect(0, 0xFFF, kRam), Status::kMisaligned);
    EXPECT_EQ(bench.memory.stores, 0);
}

TEST(MmuBuilder, InputsAndOutputsEndAt40Bits) {
    Second bench;
    EXPECT_EQ(bench.map(Ipa::limit - k4K, 2 * k4K, 0), Status::kOutOfRange);
    EXPECT_EQ(bench.map(Ipa::limit, k4K, 0), Status::kOutOfRange);
    EXPECT_EQ(bench.map(0, 2 * k4K, Pa::limit - k4K), Status::kOutOfRange);
    EXPECT_EQ(bench.map(k4K, ~std::uint64_t{0} - 0xFFF, 0), Status::kOutOfRange);
    EXPECT_EQ(bench.builder.map_page(Ipa{Ipa::limit}, Pa{0}, kRam), Status::kOutOfRange);
    EXPECT_EQ(bench.builder.map_page(Ipa{0}, Pa{Pa::limit}, kRam), Status::kOutOfRange);
    EXPECT_EQ(bench.unmap(Ipa::limit - k4K, 2 * k4K), Status::kOutOfRange);
    EXPECT_EQ(bench.protect(Ipa::limit, k4K, kRam), Status::kOutOfRange);
    EXPECT_EQ(bench.map(Ipa::limit - k4K, k4K, Pa::limit - k4K), Status::kOk);
    EXPECT_EQ(bench.walk(Ipa::limit - 1).output, Pa{Pa::limit - 1});
}

TEST(MmuBuilder, ABlockMayEndAtTheTopOfTheAddressSpace) {
    Bench<Stage1> first;
    ASSERT_EQ(first.map(3 * k1G, k1G, Ipa::limit - k1G), Status::kOk);
    EXPECT_EQ(first.size_of(Va::limit - 1), Size::k1G);
    EXPECT_EQ(first.walk(Va::limit - 1).output, Ipa{Ipa::limit - 1});
    EXPECT_EQ(first.map(Va::limit, k4K, 0), Status::kOutOfRange);
    ASSERT_EQ(first.unmap(Va::limit - k4K, k4K), Status::kOk);
    EXPECT_EQ(first.walk(Va::limit - k4K - 1).output, Ipa{Ipa::limit - k4K - 1});
}

TEST(MmuBuilder, ConcatenatedRootsAreOneTable) {
    Second bench;
    ASSERT_EQ(bench.map(511 * k1G, 2 * k1G, 511 * k1G), Status::kOk);
    EXPECT_EQ(bench.walk(512 * k1G + 5).output, Pa{512 * k1G + 5});
    const auto stores = bench.memory.stores_made();
    ASSERT_EQ(stores.size(), 2);
    EXPECT_EQ(stores[0].table, bench.memory.root());
    EXPECT_EQ(stores[1].table, bench.memory.root() + kFrameBytes);
    EXPECT_EQ(stores[1].index, 0);
}

TEST(MmuBuilder, AnEmptyRangeIsFineAndDoesNothing) {
    Second bench;
    EXPECT_EQ(bench.map(k4K, 0, 0), Status::kOk);
    EXPECT_EQ(bench.unmap(k4K, 0), Status::kOk);
    EXPECT_EQ(bench.protect(Ipa::limit, 0, kRam), Status::kOk);
    EXPECT_EQ(bench.memory.stores, 0);
}

TEST(MmuBuilder, MapRefusesARangeOfWhichOnePageIsMapped) {
    Second bench;
    ASSERT_EQ(bench.map(k2M - k4K, k4K, 0), Status::kOk);
    ASSERT_EQ(bench.map(4 * k2M, k2M, 0), Status::kOk);
    const auto before = bench.memory.snapshot();
    EXPECT_EQ(bench.map(0, k2M, 0), Status::kOverlap);
    EXPECT_EQ(bench.map(0, k1G, 0), Status::kOverlap);
    EXPECT_EQ(bench.map(4 * k2M + k4K, k4K, 0), Status::kOverlap);
    EXPECT_EQ(bench.builder.map_page(Ipa{k2M - k4K}, Pa{0}, kRam), Status::kOverlap);
    EXPECT_EQ(bench.builder.map_page(Ipa{4 * k2M}, Pa{0}, kRam), Status::kOverlap);
    EXPECT_EQ(bench.builder.map_pages(Ipa{k2M - 4 * k4K}, Pa{0}, 4, kRam), Status::kOverlap);
    EXPECT_EQ(bench.memory.snapshot(), before);
}

TEST(MmuBuilder, UnmapAndProtectRefuseARangeWithAHole) {
    Second bench;
    ASSERT_EQ(bench.map(0, 3 * k4K, 0), Status::kOk);
    ASSERT_EQ(bench.map(4 * k4K, 3 * k4K, 0), Status::kOk);
    const auto before = bench.memory.snapshot();
    EXPECT_EQ(bench.unmap(0, 7 * k4K), Status::kNotMapped);
    EXPECT_EQ(bench.unmap(k2M, k4K), Status::kNotMapped);
    EXPECT_EQ(bench.unmap(0, 2 * k1G), Status::kNotMapped);
    EXPECT_EQ(bench.protect(2 * k4K, 2 * k4K, kReadOnly), Status::kNotMapped);
    EXPECT_EQ(bench.memory.snapshot(), before);
}

TEST(MmuBuilder, WithTooFewFramesNothingChanges) {
    Second bench(3);
    ASSERT_EQ(bench.map(k1G, k1G, k1G), Status::kOk);
    bench.memory.withheld = 2;
    const auto before = bench.memory.snapshot();
    EXPECT_EQ(bench.map(4 * k1G, k4K, 0), Status::kOutOfFrames);
    EXPECT_EQ(bench.builder.map_page(Ipa{4 * k1G}, Pa{0}, kRam), Status::kOutOfFrames);
    EXPECT_EQ(bench.unmap(k1G, k4K), Status::kOutOfFrames);
    EXPECT_EQ(bench.protect(2 * k1G - k4K, k4K, kRam), Status::kOutOfFrames);
    EXPECT_EQ(bench.memory.snapshot(), before);
    EXPECT_EQ(bench.memory.available(), 1);
    bench.memory.withheld = 1;
    EXPECT_EQ(bench.unmap(k1G, k4K), Status::kOk);
    EXPECT_EQ(bench.memory.available(), 0);
}

TEST(MmuBuilder, MapOfAWholeGigabyteInPagesCountsItsTablesBeforeItBegins) {
    Second bench(512);
    EXPECT_EQ(bench.map(0, k1G, 0, Size::k4K), Status::kOutOfFrames);  // 1 + 512 tables.
    EXPECT_EQ(bench.memory.stores, 0);
    EXPECT_EQ(bench.memory.allocations, 0);
}

TEST(MmuBuilder, ANewTableIsCompleteBeforeAnEntryLeadsToIt) {
    Second bench;
    ASSERT_EQ(bench.map(k2M - 2 * k4K, 3 * k4K, 0), Status::kOk);
    const auto stores = bench.memory.stores_made();
    // Two pages and their link, one page and its link, and then the root's entry: only this is
    // live.
    ASSERT_EQ(stores.size(), 6);
    for (std::size_t i = 0; i + 1 < stores.size(); ++i) {
        EXPECT_FALSE(stores[i].live);
    }
    EXPECT_TRUE(stores.back().live);
    EXPECT_TRUE(stores.back().after.is_table(1));
}

TEST(MmuBuilder, MappingNeedsNoMaintenance) {
    Second bench;
    ASSERT_EQ(bench.map(0, k4K, 0), Status::kOk);
    ASSERT_EQ(bench.map(k4K, k4K, 0), Status::kOk);
    using Kind = FakeMemory<Stage2>::Event::Kind;
    ASSERT_EQ(bench.memory.history.size(), 2);
    EXPECT_EQ(bench.memory.history[0].before, LongDescriptor{});
    EXPECT_EQ(bench.memory.history[1].kind, Kind::kComplete);
}

TEST(MmuBuilder, ProtectBreaksALiveEntryBeforeItMakesTheNewOne) {
    Second bench;
    ASSERT_EQ(bench.map(k2M, k2M, 7 * k2M, {}, kRam), Status::kOk);
    ASSERT_EQ(bench.protect(k2M, k2M, kReadOnly), Status::kOk);
    using Kind = FakeMemory<Stage2>::Event::Kind;
    const auto& history = bench.memory.history;
    ASSERT_EQ(history.size(), 4);
    EXPECT_EQ(history[3].kind, Kind::kComplete);
    EXPECT_EQ(history[0].kind, Kind::kStore);
    EXPECT_FALSE(history[0].after.is_valid());
    EXPECT_EQ(history[1].kind, Kind::kInvalidate);
    EXPECT_EQ(history[1].maintenance->range, (Range<Ipa>{{k2M}, k2M}));
    EXPECT_EQ(history[1].maintenance->operations(), 1);
    EXPECT_EQ(history[2].kind, Kind::kStore);
    EXPECT_EQ(bench.walk(k2M).attributes, kReadOnly);
    EXPECT_EQ(bench.walk(k2M + 5).output, Pa{7 * k2M + 5});
    EXPECT_EQ(bench.size_of(k2M), Size::k2M);
}

TEST(MmuBuilder, ProtectLeavesAloneWhatIsAsAskedAlready) {
    Second bench;
    ASSERT_EQ(bench.map(0, k1G, 0, {}, kRam), Status::kOk);
    EXPECT_EQ(bench.protect(k2M, k4K, kRam), Status::kOk);
    EXPECT_TRUE(bench.memory.history.empty());
    EXPECT_EQ(bench.size_of(k2M), Size::k1G);
}

TEST(MmuBuilder, ProtectOfOnePageSplitsA1GBlockAtBothLevels) {
    Second bench;
    ASSERT_EQ(bench.map(k1G, k1G, 3 * k1G, {}, kRam), Status::kOk);
    ASSERT_EQ(bench.protect(k1G + 5 * k2M + k4K, k4K, kReadOnly), Status::kOk);
    EXPECT_EQ(bench.memory.allocations, 2);
    EXPECT_EQ(bench.size_of(k1G), Size::k2M);
    EXPECT_EQ(bench.size_of(k1G + 5 * k2M), Size::k4K);
    EXPECT_EQ(bench.size_of(k1G + 6 * k2M), Size::k2M);
    EXPECT_EQ(bench.walk(k1G + 5 * k2M).attributes, kRam);
    EXPECT_EQ(bench.walk(k1G + 5 * k2M + k4K).attributes, kReadOnly);
    EXPECT_EQ(bench.walk(k1G + 5 * k2M + k4K).output, Pa{3 * k1G + 5 * k2M + k4K});
    EXPECT_EQ(bench.walk(2 * k1G - 1).output, Pa{4 * k1G - 1});
    // The block is made invalid once, when two tables are ready.
    unsigned live = 0;
    for (const auto& store : bench.memory.stores_made()) {
        live += store.live ? 1 : 0;
    }
    EXPECT_EQ(live, 2);
}

TEST(MmuBuilder, UnmapOfTheMiddleOfABlockKeepsBothEnds) {
    Second bench;
    ASSERT_EQ(bench.map(0, k2M, 9 * k2M, {}, kRam), Status::kOk);
    ASSERT_EQ(bench.unmap(k4K, k2M - 2 * k4K), Status::kOk);
    EXPECT_EQ(bench.walk(0).output, Pa{9 * k2M});
    EXPECT_EQ(bench.walk(k4K).fault, WalkFault::kTranslation);
    EXPECT_EQ(bench.walk(k2M - k4K).output, Pa{10 * k2M - k4K});
    EXPECT_EQ(bench.walk(k2M - k4K).attributes, kRam);
}

TEST(MmuBuilder, UnmapAcrossTwoGigabyteBlocksSplitsBoth) {
    Second bench;
    ASSERT_EQ(bench.map(k1G, 2 * k1G, k1G), Status::kOk);
    ASSERT_EQ(bench.unmap(2 * k1G - k4K, k4K + k2M + k4K), Status::kOk);
    EXPECT_EQ(bench.memory.allocations, 4);
    EXPECT_TRUE(bench.walk(2 * k1G - k4K - 1).output);
    EXPECT_FALSE(bench.walk(2 * k1G - k4K).output);
    EXPECT_FALSE(bench.walk(2 * k1G + k2M + k4K - 1).output);
    EXPECT_TRUE(bench.walk(2 * k1G + k2M + k4K).output);
}

TEST(MmuBuilder, UnmapFreesTablesThatBecomeEmpty) {
    Second bench;
    ASSERT_EQ(bench.map(0, 2 * k4K, 0), Status::kOk);
    EXPECT_EQ(bench.memory.available(), 14);
    ASSERT_EQ(bench.unmap(0, k4K), Status::kOk);
    EXPECT_EQ(bench.memory.available(), 14);
    ASSERT_EQ(bench.unmap(k4K, k4K), Status::kOk);
    EXPECT_EQ(bench.memory.available(), 16);
    for (unsigned i = 0; i < Stage2::kGeometry.root_entries(); ++i) {
        EXPECT_EQ(bench.memory.read(bench.memory.root(), i), 0);
    }
}

TEST(MmuBuilder, UnmapOfAWholeSubtreeTakesOneStoreAndOneMaintenance) {
    Second bench;
    ASSERT_EQ(bench.map(0, k2M, 0, Size::k4K), Status::kOk);
    ASSERT_EQ(bench.map(k2M, k1G - k2M, k2M), Status::kOk);
    ASSERT_EQ(bench.unmap(0, k1G), Status::kOk);
    using Event = FakeMemory<Stage2>::Event;
    const auto& history = bench.memory.history;
    ASSERT_EQ(history.size(), 4);
    EXPECT_EQ(history[0].kind, Event::Kind::kStore);
    EXPECT_EQ(history[1].kind, Event::Kind::kInvalidate);
    EXPECT_EQ(history[1].maintenance->kind, Maintenance<Ipa>::Kind::kRegime);
    EXPECT_EQ(history[2].kind, Event::Kind::kRelease);
    EXPECT_EQ(history[3].kind, Event::Kind::kRelease);
    EXPECT_EQ(bench.memory.available(), 16);
}

TEST(MmuBuilder, ATableIsReleasedOnlyAfterItsEntryIsGoneAndForgotten) {
    Second bench;
    ASSERT_EQ(bench.map(0, k4K, 0), Status::kOk);
    ASSERT_EQ(bench.unmap(0, k4K), Status::kOk);
    using Kind = FakeMemory<Stage2>::Event::Kind;
    std::vector<Kind> kinds;
    for (const auto& event : bench.memory.history) {
        kinds.push_back(event.kind);
    }
    // The page, the level-3 table's entry, the level-2 table's entry.
    EXPECT_EQ(kinds,
              (std::vector<Kind>{Kind::kStore, Kind::kInvalidate, Kind::kStore, Kind::kInvalidate,
                                 Kind::kRelease, Kind::kStore, Kind::kInvalidate, Kind::kRelease}));
}

TEST(MmuBuilder, MapPageStoresOnceWhereTheTablesAreThere) {
    Second bench;
    ASSERT_EQ(bench.builder.map_page(Ipa{0}, Pa{k4K}, kRam), Status::kOk);
    EXPECT_EQ(bench.memory.allocations, 2);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_page(Ipa{k4K}, Pa{Pa::limit - k4K}, kReadOnly), Status::kOk);
    EXPECT_EQ(bench.memory.stores_made().size(), 1);
    EXPECT_EQ(bench.memory.history.size(), 2) << "one store, one completion";
    EXPECT_EQ(bench.walk(k4K).output, Pa{Pa::limit - k4K});
    EXPECT_EQ(bench.walk(k4K).attributes, kReadOnly);
}

TEST(MmuBuilder, MapPageRefusesAddressesBeyond40BitsAlsoWhereTheTablesAreThere) {
    Second bench;
    ASSERT_EQ(bench.builder.map_page(Ipa{k4K}, Pa{0}, kRam), Status::kOk);
    bench.memory.settle();
    EXPECT_EQ(bench.builder.map_page(Ipa{Ipa::limit}, Pa{0}, kRam), Status::kOutOfRange);
    EXPECT_EQ(bench.builder.map_page(Ipa{0}, Pa{Pa::limit}, kRam), Status::kOutOfRange);
    EXPECT_TRUE(bench.memory.history.empty());
}

TEST(MmuBuilder, MapPageInPlaceStoresOnceWhereTheTableIsThereAndTheEntryIsInvalid) {
    Second bench;
    ASSERT_EQ(bench.builder.map_page(Ipa{k1G}, Pa{0}, kRam), Status::kOk);
    bench.memory.settle();
    std::size_t events_before = 0;
    const auto stored = [&] { events_before = bench.memory.history.size(); };
    ASSERT_TRUE(
        bench.builder.map_page_in_place(Ipa{k1G + k4K}, Pa{Pa::limit - k4K}, kReadOnly, stored));
    EXPECT_EQ(bench.memory.stores_made().size(), 1);
    EXPECT_EQ(events_before, 1) << "after the store, before the completion";
    EXPECT_EQ(bench.memory.history.size(), 2) << "one store, one completion (B3.10.1)";
    EXPECT_EQ(bench.walk(k1G + k4K).output, Pa{Pa::limit - k4K});
    EXPECT_EQ(bench.walk(k1G + k4K).attributes, kReadOnly);
}

TEST(MmuBuilder, MapPageInPlaceLeavesAllElseToMapPage) {
    Second bench;
    ASSERT_EQ(bench.builder.map_page(Ipa{0}, Pa{0}, kRam), Status::kOk);
    ASSERT_EQ(bench.map(k2M, k2M, 0), Status::kOk);
    ASSERT_EQ(bench.map(k1G, k1G, 0), Status::kOk);
    bench.memory.settle();
    bool called = false;
    const auto tries = [&](std::uint64_t input, std::uint64_t output) {
        return bench.builder.map_page_in_place(Ipa{input}, Pa{output}, kRam,
                                               [&] { called = true; });
    };
    EXPECT_FALSE(tries(0, k4K)) << "a page is there";
    EXPECT_FALSE(tries(k2M + k4K, 0)) << "a block of 2 MB is there";
    EXPECT_FALSE(tries(k1G + k4K, 0)) << "a block of 1 GB is there";
    EXPECT_FALSE(tries(2 * k2M, 0)) << "it needs a table of level 3";
    EXPECT_FALSE(tries(2 * k1G, 0)) << "it needs two tables";
    EXPECT_FALSE(tries(k4K + 1, 0) || tries(k4K, 1)) << "no page begins there";
    EXPECT_FALSE(tries(Ipa::limit, 0) || tries(k4K, Pa::limit)) << "beyond 40 bits";
    EXPECT_FALSE(called);
    EXPECT_TRUE(bench.memory.history.empty());
    EXPECT_TRUE(tries(k4K, 0));
}

TEST(MmuBuilder, UnmapPageStoresOnceAndKeepsItsTableForTheNextMap) {
    Second bench;
    ASSERT_EQ(bench.map(k1G, k4K, 7 * k4K), Status::kOk);
    const unsigned free = bench.memory.available();
    bench.memory.settle();
    ASSERT_EQ(bench.builder.unmap_page(Ipa{k1G}), Status::kOk);
    EXPECT_EQ(bench.memory.stores_made().size(), 1U);
    EXPECT_EQ(bench.memory.history.size(), 2U) << "one store, one maintenance";
    EXPECT_FALSE(bench.walk(k1G).output.has_value());
    EXPECT_EQ(bench.memory.available(), free);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_page(Ipa{k1G}, Pa{9 * k4K}, kRam), Status::kOk);
    EXPECT_EQ(bench.memory.stores_made().size(), 1U);
    EXPECT_EQ(bench.walk(k1G).output, Pa{9 * k4K});
}

TEST(MmuBuilder, UnmapPageLeavesNeighboursAlone) {
    Second bench;
    ASSERT_EQ(bench.map(k1G, 3 * k4K, 0), Status::kOk);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.unmap_page(Ipa{k1G + k4K}), Status::kOk);
    EXPECT_EQ(bench.walk(k1G).output, Pa{0});
    EXPECT_EQ(bench.walk(k1G + 2 * k4K).output, Pa{2 * k4K});
}

TEST(MmuBuilder, UnmapPageRefusesABlockAndWhatIsNotMapped) {
    Second bench;
    ASSERT_EQ(bench.map(k1G, k2M, 0), Status::kOk);
    ASSERT_EQ(bench.map(3 * k1G, k4K, 0), Status::kOk);
    bench.memory.settle();
    EXPECT_EQ(bench.builder.unmap_page(Ipa{k1G}), Status::kNotMapped);
    EXPECT_EQ(bench.builder.unmap_page(Ipa{2 * k1G}), Status::kNotMapped);
    EXPECT_EQ(bench.builder.unmap_page(Ipa{3 * k1G + k4K}), Status::kNotMapped);
    EXPECT_EQ(bench.builder.unmap_page(Ipa{3 * k1G + 1}), Status::kMisaligned);
    EXPECT_EQ(bench.builder.unmap_page(Ipa{std::uint64_t{1} << 40}), Status::kOutOfRange);
    EXPECT_TRUE(bench.memory.stores_made().empty());
}

TEST(MmuBuilder, MapPagesMapsNeighboursAlsoAcrossTwoTables) {
    Second bench;
    ASSERT_EQ(bench.builder.map_pages(Ipa{k2M - 16 * k4K}, Pa{5 * k4K}, 16, kRam), Status::kOk);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_pages(Ipa{k2M - 24 * k4K}, Pa{100 * k4K}, 8, kRam), Status::kOk);
    EXPECT_EQ(bench.walk(k2M - 1).output, Pa{21 * k4K - 1});
    EXPECT_EQ(bench.walk(k2M - 17 * k4K).output, Pa{107 * k4K});
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_pages(Ipa{3 * k2M - 8 * k4K}, Pa{3 * k2M - 8 * k4K}, 600, kRam),
              Status::kOk);
    EXPECT_EQ(bench.size_of(3 * k2M), Size::k4K);
    EXPECT_EQ(bench.walk(4 * k2M + 80 * k4K - 1).output, Pa{4 * k2M + 80 * k4K - 1});
    EXPECT_FALSE(bench.walk(4 * k2M + 80 * k4K).output);
    EXPECT_EQ(bench.builder.map_pages(Ipa{Ipa::limit - k4K}, Pa{0}, 2, kRam), Status::kOutOfRange);
    EXPECT_EQ(bench.builder.map_pages(Ipa{0}, Pa{Pa::limit - k4K}, 2, kRam), Status::kOutOfRange);
}

TEST(MmuBuilder, ABatchOfPagesIsCompletedOnce) {
    Second bench;
    ASSERT_EQ(bench.map(0, k4K, 0), Status::kOk);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_pages(Ipa{16 * k4K}, Pa{0}, 16, kRam), Status::kOk);
    EXPECT_EQ(bench.memory.stores_made().size(), 16);
    EXPECT_EQ(bench.memory.history.size(), 17);
    EXPECT_EQ(bench.memory.history.back().kind, FakeMemory<Stage2>::Event::Kind::kComplete);
}

TEST(MmuBuilder, ANewTableIsFilledWithoutACompletionForEachOfItsEntries) {
    Second bench;
    ASSERT_EQ(bench.map(0, k2M, 0, Size::k4K), Status::kOk);
    std::size_t completions = 0;
    for (const auto& event : bench.memory.history) {
        completions += event.kind == FakeMemory<Stage2>::Event::Kind::kComplete ? 1 : 0;
    }
    EXPECT_EQ(completions, 3) << "before either table is linked, and at the end";
}

TEST(MmuBuilder, WhoMapsPagesIsCalledBetweenTheLastStoreAndItsCompletion) {
    Second bench;
    std::vector<std::size_t> events_before;
    const auto stored = [&] { events_before.push_back(bench.memory.history.size()); };
    ASSERT_EQ(bench.map(0, k4K, 0), Status::kOk);
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_pages(Ipa{k4K}, Pa{0}, 3, kRam, stored), Status::kOk);
    EXPECT_EQ(events_before, (std::vector<std::size_t>{3})) << "three stores";
    EXPECT_EQ(bench.memory.history.size(), 4);
    EXPECT_EQ(bench.builder.map_page(Ipa{k4K}, Pa{0}, kRam, stored), Status::kOverlap);
    EXPECT_EQ(events_before.size(), 1) << "nothing was stored";
    bench.memory.settle();
    ASSERT_EQ(bench.builder.map_page(Ipa{k2M}, Pa{0}, kRam, stored), Status::kOk);
    EXPECT_EQ(events_before.size(), 2) << "in a table that was made for it";
}

TEST(MmuBuilder, AFormatRefusesSizesThatItLacks) {
    Second bench;
    EXPECT_EQ(bench.map(0, k2M, 0, Size::k1M), Status::kOutOfRange);
    EXPECT_EQ(bench.memory.stores, 0);
}

TEST(MmuBuilder, HypsTablesHoldHypsBitsAtEveryLevel) {
    Bench<HypStage1> bench;
    constexpr HypAttributes data{.writable = true};
    ASSERT_EQ(bench.map(k1G, k1G + k2M + k4K, k1G, {}, data), Status::kOk);
    for (const std::uint64_t input : {k1G, 2 * k1G, 2 * k1G + k2M}) {
        const auto walk = bench.walk(input);
        const Pa table = align_down(walk.read_at[walk.reads - 1], Size::k4K);
        const auto index = static_cast<unsigned>((walk.read_at[walk.reads - 1] - table) / 8);
        const auto leaf = Stage1Leaf::from(bench.memory.read(table, index));
        EXPECT_TRUE(leaf.get(Stage1Leaf::kAp1));
        EXPECT_FALSE(leaf.get(Stage1Leaf::kPxn));
        EXPECT_FALSE(leaf.get(Stage1Leaf::kNotGlobal));
        EXPECT_EQ(walk.attributes, data);
    }
}

TEST(MmuBuilder, RoomMadeByUnmapServesTheNextMap) {
    Second bench(2);
    ASSERT_EQ(bench.map(0, k4K, 0), Status::kOk);
    EXPECT_EQ(bench.map(k1G, k4K, 0), Status::kOutOfFrames);
    ASSERT_EQ(bench.unmap(0, k4K), Status::kOk);
    EXPECT_EQ(bench.map(k1G, k4K, 0), Status::kOk);
}

}  // namespace
}  // namespace hm::mmu
