#include "drivers/fdt/machine.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <random>
#include <vector>

#include "tests/unit/drivers/fdt/tree_builder.hpp"

namespace hm::fdt {
namespace {

using Blob = std::vector<std::byte>;

/// Opens `blob`, which must be valid and outlive the tree.
Tree opened(const Blob& blob) {
    const Tree::Opened result = Tree::open(blob);
    EXPECT_EQ(result.error, Error::kNone) << describe(result.error);
    return result.tree;
}

/// A root with only the sizes of cells, still open, for a test to add to.
FdtBuilder root_with_cells(std::uint32_t address_cells, std::uint32_t size_cells) {
    FdtBuilder tree;
    tree.begin_node("").cells("#address-cells", {address_cells}).cells("#size-cells", {size_cells});
    return tree;
}

/// So many regions of one byte with one byte between them, from 0x1000 on.
std::optional<MemoryMap> memory_in_pieces(std::size_t count) {
    MemoryMap map;
    for (std::size_t i = 0; i < count; ++i) {
        if (!map.add({0x1000 + 2 * i, 1})) {
            return std::nullopt;
        }
    }
    return map;
}

TEST(FdtMachine, ReportsBootargsMemoryAndTheMachine) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    EXPECT_EQ(bootargs(tree), "suite=quick count=1000");
    EXPECT_EQ(compatible(tree), "linux,dummy-virt");
    EXPECT_EQ(compatible(tree, 1), "hm,test");
    EXPECT_FALSE(compatible(tree, 2).has_value());
    const auto map = memory(tree);
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0].base, 0x40000000u);
    EXPECT_EQ(map->regions()[0].size, 0x40000000u);
}

TEST(FdtMachine, HasNoBootargsWhereNoneWereGiven) {
    const Blob without_property =
        FdtBuilder().begin_node("").begin_node("chosen").end_node().end_node().finish();
    EXPECT_FALSE(bootargs(opened(without_property)).has_value());
    const Blob without_node = FdtBuilder().begin_node("").end_node().finish();
    EXPECT_FALSE(bootargs(opened(without_node)).has_value());
    EXPECT_FALSE(compatible(opened(without_node)).has_value());
}

TEST(FdtMachine, CollectsMemoryFromSeveralNodesAndRegions) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("memory")
                          .cells("reg", {0x40000000, 0x1000, 0x50000000, 0x2000})
                          .end_node()
                          .begin_node("bank@80000000")
                          .strings("device_type", {"memory"})
                          .cells("reg", {0x80000000, 0x4000})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 3u);
    EXPECT_EQ(map->regions()[1].base, 0x50000000u);
    EXPECT_EQ(map->regions()[2].base, 0x80000000u);
    EXPECT_EQ(map->total_bytes(), 0x7000u);
}

TEST(FdtMachine, JoinsBanksThatFollowEachOther) {
    // As U-Boot reports an Arndale's memory, in two nodes.
    const Blob blob =
        root_with_cells(1, 1)
            .begin_node("memory")
            .cells("reg", {0x40000000, 0x10000000, 0x50000000, 0x10000000, 0x60000000, 0x10000000})
            .end_node()
            .begin_node("bank@70000000")
            .strings("device_type", {"memory"})
            .cells("reg", {0x70000000, 0x10000000, 0x90000000, 0x1000})
            .end_node()
            .end_node()
            .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 2u);
    EXPECT_EQ(map->regions()[0].base, 0x40000000u);
    EXPECT_EQ(map->regions()[0].size, 0x40000000u);
    EXPECT_EQ(map->regions()[1].base, 0x90000000u);
}

TEST(FdtMachine, ReadsMemoryInEveryShapeOfCells) {
    for (const std::uint32_t address_cells : {1u, 2u}) {
        for (const std::uint32_t size_cells : {1u, 2u}) {
            Blob reg;
            for (std::uint32_t cell = 1; cell <= address_cells + size_cells; ++cell) {
                append_word(reg, cell);
            }
            const Blob blob = root_with_cells(address_cells, size_cells)
                                  .begin_node("memory")
                                  .bytes("reg", reg)
                                  .end_node()
                                  .end_node()
                                  .finish();
            const auto map = memory(opened(blob));
            ASSERT_TRUE(map.has_value());
            ASSERT_EQ(map->regions().size(), 1u);
            const std::uint64_t base = address_cells == 1 ? 1 : 0x1'0000'0002;
            const std::uint64_t low = address_cells + size_cells;
            const std::uint64_t size = size_cells == 1 ? low : ((low - 1) << 32) | low;
            EXPECT_EQ(map->regions()[0].base, base);
            EXPECT_EQ(map->regions()[0].size, size);
        }
    }
}

TEST(FdtMachine, AssumesTwoAddressCellsAndOneSizeCellWhereTheRootNamesNone) {
    const Blob blob = FdtBuilder()
                          .begin_node("")
                          .begin_node("memory")
                          .cells("reg", {1, 2, 3})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    EXPECT_EQ(map->regions()[0].base, 0x1'0000'0002u);
    EXPECT_EQ(map->regions()[0].size, 3u);
}

TEST(FdtMachine, SkipsDisabledMemoryAndEmptyRegions) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("secram@e000000")
                          .strings("device_type", {"memory"})
                          .strings("status", {"disabled"})
                          .cells("reg", {0xe000000, 0x1000000})
                          .end_node()
                          .begin_node("memory@40000000")
                          .strings("status", {"okay"})
                          .cells("reg", {0x30000000, 0, 0x40000000, 0x1000})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0].base, 0x40000000u);
}

TEST(FdtMachine, ReportsNoMemoryRatherThanWrongMemory) {
    const auto memory_of = [](std::uint32_t address_cells, std::uint32_t size_cells,
                              std::initializer_list<std::uint32_t> reg) {
        const Blob blob = root_with_cells(address_cells, size_cells)
                              .begin_node("memory")
                              .cells("reg", reg)
                              .end_node()
                              .end_node()
                              .finish();
        return memory(opened(blob));
    };
    EXPECT_TRUE(memory_of(1, 1, {1, 2}).has_value());
    EXPECT_FALSE(memory_of(1, 1, {1, 2, 3}).has_value()) << "half a region";
    EXPECT_FALSE(memory_of(3, 1, {1, 2, 3, 4}).has_value()) << "three address cells";
    EXPECT_FALSE(memory_of(1, 0, {1}).has_value()) << "no size cells";
    EXPECT_TRUE(memory_of(2, 1, {~0u, ~0u, 1}).has_value()) << "the last byte of all";
    EXPECT_FALSE(memory_of(2, 1, {~0u, ~0u, 2}).has_value()) << "wraps around";
    EXPECT_TRUE(memory_in_pieces(MemoryMap::kMaxRegions).has_value());
    EXPECT_FALSE(memory_in_pieces(MemoryMap::kMaxRegions + 1).has_value())
        << "more regions than there is room for";
    const Blob broken_cell = root_with_cells(1, 1)
                                 .begin_node("memory")
                                 .bytes("reg", Blob(9, std::byte{1}))
                                 .end_node()
                                 .end_node()
                                 .finish();
    EXPECT_FALSE(memory(opened(broken_cell)).has_value()) << "a region and a byte";
}

TEST(FdtMachine, AMemoryNodeWithoutRegNamesNoMemoryAndSpoilsNoOther) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("memory")
                          .strings("device_type", {"memory"})
                          .end_node()
                          .begin_node("memory@40000000")
                          .cells("reg", {0x40000000, 0x1000})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0], (MemoryRegion{0x40000000, 0x1000}));
}

TEST(FdtMachine, BanksMayDescendAndBeMoreThanEight) {
    // Sixteen banks, the highest first, as a loader may list them.
    Blob reg;
    for (std::uint32_t bank = 16; bank-- > 0;) {
        append_word(reg, 0x40000000 + bank * 0x08000000);
        append_word(reg, 0x08000000);
    }
    const Blob blob =
        root_with_cells(1, 1).begin_node("memory").bytes("reg", reg).end_node().end_node().finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0], (MemoryRegion{0x40000000, 0x80000000}));
}

TEST(FdtMachine, UsableMemoryTakesThePlaceOfReg) {
    const Blob blob = reserving_tree().finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0], (MemoryRegion{0x40000000, 0x3f000000}));
}

TEST(FdtMachine, WhatATreeReservesIsKeptClear) {
    const Blob blob = reserving_tree().finish();
    const Tree tree = opened(blob);
    auto map = memory(tree);
    ASSERT_TRUE(map.has_value() && keep_clear(*map, tree, 0));
    const std::vector<MemoryRegion> expected{{0x40000000, 0x08000000},
                                             {0x48001000, 0x27fff000},
                                             {0x70100000, 0x00f00000},
                                             {0x71100000, 0x0df00000}};
    EXPECT_EQ(std::vector(map->regions().begin(), map->regions().end()), expected);
    EXPECT_EQ(map->around(0x48000000), std::nullopt);
    EXPECT_EQ(map->around(0x47ffffff), expected[0]);
    EXPECT_EQ(map->around(0x48001000), expected[1]);
}

TEST(FdtMachine, TheReservationOfTheTreeItselfIsPassedOver) {
    const Blob blob = reserving_tree().finish();
    const Tree tree = opened(blob);
    auto map = memory(tree);
    ASSERT_TRUE(map.has_value() && keep_clear(*map, tree, 0x48000000));
    EXPECT_EQ(map->around(0x48000000), (MemoryRegion{0x40000000, 0x30000000}));
}

TEST(FdtMachine, DisabledReservedMemoryIsFree) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("memory")
                          .cells("reg", {0x40000000, 0x10000000})
                          .end_node()
                          .begin_node("reserved-memory")
                          .cells("#address-cells", {1})
                          .cells("#size-cells", {1})
                          .begin_node("buffer@44000000")
                          .strings("status", {"disabled"})
                          .cells("reg", {0x44000000, 0x1000})
                          .end_node()
                          .end_node()
                          .end_node()
                          .finish();
    const Tree tree = opened(blob);
    auto map = memory(tree);
    ASSERT_TRUE(map.has_value() && keep_clear(*map, tree, 0));
    EXPECT_EQ(map->regions().size(), 1u);
}

TEST(FdtMachine, ReservedMemoryThatCannotBeReadIsNotTakenForNone) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("reserved-memory")
                          .cells("#address-cells", {1})
                          .cells("#size-cells", {1})
                          .begin_node("buffer@44000000")
                          .cells("reg", {0x44000000, 0x1000, 0x45000000})
                          .end_node()
                          .end_node()
                          .end_node()
                          .finish();
    const Tree tree = opened(blob);
    MemoryMap map;
    EXPECT_FALSE(keep_clear(map, tree, 0));
}

TEST(FdtMachine, AReservationThatReachesBeyondEverythingTakesTheRest) {
    MemoryMap map;
    ASSERT_TRUE(map.add({0x1000, 0x3000}));
    EXPECT_TRUE(map.remove({0x2000, ~std::uint64_t{0}}));
    ASSERT_EQ(map.regions().size(), 1u);
    EXPECT_EQ(map.regions()[0], (MemoryRegion{0x1000, 0x1000}));
    EXPECT_TRUE(map.remove({~std::uint64_t{0}, ~std::uint64_t{0}}));
    EXPECT_EQ(map.total_bytes(), 0x1000u);
}

TEST(FdtMachine, MemoryThatNoCoreReachesIsLeftOut) {
    MemoryMap map;
    EXPECT_TRUE(map.add({~std::uint64_t{0}, 1}));
    EXPECT_TRUE(map.add({MemoryMap::kEnd, 0x1000}));
    EXPECT_TRUE(map.regions().empty());
    EXPECT_TRUE(map.add({MemoryMap::kEnd - 0x1000, 0x2000}));
    EXPECT_EQ(map.total_bytes(), 0x1000u);
    EXPECT_TRUE(map.add({0, ~std::uint64_t{0}}));
    EXPECT_EQ(map.total_bytes(), MemoryMap::kEnd);
}

TEST(FdtMachine, AMapThatHasNoRoomForAPieceStaysAsItWas) {
    auto map = memory_in_pieces(MemoryMap::kMaxRegions);
    ASSERT_TRUE(map.has_value());
    EXPECT_FALSE(map->add({0x2000, 1}));
    ASSERT_TRUE(map->add({0x1001, 2})) << "joins two, which makes room";
    ASSERT_TRUE(map->add({0x2000, 0x10}));
    EXPECT_FALSE(map->remove({0x2004, 1}));
    EXPECT_EQ(map->around(0x2004), (MemoryRegion{0x2000, 0x10}));
}

TEST(FdtMachine, AMapHoldsTheSameBytesAsASetOfThem) {
    // Random regions, against one flag for each of a few bytes: at the bottom, around 2^40, where
    // the map ends, and around 2^64.
    std::mt19937 random(1);
    for (const std::uint64_t origin :
         {std::uint64_t{0}, MemoryMap::kEnd - 40, 0 - std::uint64_t{60}}) {
        for (int sequence = 0; sequence < 200; ++sequence) {
            MemoryMap map;
            std::array<bool, 80> is_memory{};
            for (int step = 0; step < 12; ++step) {
                const std::uint64_t base = random() % 50;
                const std::uint64_t size = random() % 30;
                const bool adds = random() % 2 == 0;
                const MemoryRegion region{origin + base, size};
                const bool beyond = size != 0 && region.base + (size - 1) < region.base;
                ASSERT_EQ(adds ? map.add(region) : map.remove(region), !(adds && beyond));
                for (std::uint64_t i = base; i < base + size && !(adds && beyond); ++i) {
                    is_memory.at(i) = adds && origin + i < MemoryMap::kEnd && origin + i >= origin;
                }
                for (std::uint64_t i = 0; i < is_memory.size(); ++i) {
                    ASSERT_EQ(map.around(origin + i).has_value(), is_memory.at(i))
                        << origin << " " << i;
                }
                for (std::size_t i = 1; i < map.regions().size(); ++i) {
                    const MemoryRegion& before = map.regions()[i - 1];
                    ASSERT_LT(before.base + before.size, map.regions()[i].base)
                        << "they ascend and do not touch";
                }
            }
        }
    }
}

}  // namespace
}  // namespace hm::fdt
