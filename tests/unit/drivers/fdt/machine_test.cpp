#include "drivers/fdt/machine.hpp"

#include <gtest/gtest.h>

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
    EXPECT_TRUE(memory_of(1, 1, {1, 1, 3, 1, 5, 1, 7, 1, 9, 1, 11, 1, 13, 1, 15, 1}).has_value());
    EXPECT_FALSE(
        memory_of(1, 1, {1, 1, 3, 1, 5, 1, 7, 1, 9, 1, 11, 1, 13, 1, 15, 1, 17, 1}).has_value())
        << "more regions than there is room for";
    const Blob broken_cell = root_with_cells(1, 1)
                                 .begin_node("memory")
                                 .bytes("reg", Blob(9, std::byte{1}))
                                 .end_node()
                                 .end_node()
                                 .finish();
    EXPECT_FALSE(memory(opened(broken_cell)).has_value()) << "a region and a byte";
    const Blob without_reg =
        root_with_cells(1, 1).begin_node("memory").end_node().end_node().finish();
    EXPECT_FALSE(memory(opened(without_reg)).has_value());
}

}  // namespace
}  // namespace hm::fdt
