#include "drivers/fdt/devices.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/drivers/fdt/tree_builder.hpp"

namespace hm::fdt {
namespace {

constexpr std::array<std::string_view, 2> kUarts{"arm,pl011", "arm,sbsa-uart"};

/// One device at the root, one on a bus that is the root's own, one that is moved by its bus, one
/// behind a bus without a way up, and two that are disabled.
std::vector<std::byte> tree_with_buses() {
    FdtBuilder tree;
    const auto uart = [&tree](std::string_view name, std::initializer_list<std::uint32_t> reg) {
        tree.begin_node(name)
            .strings("compatible", {"arm,pl011", "arm,primecell"})
            .cells("reg", reg);
    };
    tree.begin_node("").cells("#address-cells", {2}).cells("#size-cells", {2});
    uart("at-root@9000000", {0, 0x9000000, 0, 0x1000});
    tree.end_node();
    tree.begin_node("soc")
        .cells("#address-cells", {1})
        .cells("#size-cells", {1})
        .bytes("ranges", {});
    uart("same@9010000", {0x9010000, 0x1000});
    tree.end_node();
    uart("off@9020000", {0x9020000, 0x1000});
    tree.strings("status", {"disabled"}).end_node();
    tree.begin_node("bus")
        .cells("#address-cells", {2})
        .cells("#size-cells", {1})
        // Children at (1, 0).. are at 0x1c000000..; those at (3, 0) at 0x1d000000.
        .cells("ranges", {1, 0, 0x1c000000, 0x100000, 3, 0, 0x1d000000, 0x100000});
    uart("moved", {3, 0x90000, 0x1000});
    tree.end_node();
    uart("beyond", {3, 0x100000, 0x1000});
    tree.end_node();
    tree.end_node().end_node();
    tree.begin_node("no-way-up").cells("#address-cells", {1}).cells("#size-cells", {1});
    uart("hidden", {0x9030000, 0x1000});
    tree.end_node().end_node();
    tree.begin_node("off-bus")
        .strings("status", {"disabled"})
        .cells("#address-cells", {1})
        .cells("#size-cells", {1})
        .bytes("ranges", {});
    uart("below", {0x9040000, 0x1000});
    tree.end_node().end_node();
    tree.begin_node("gic@8000000")
        .strings("compatible", {"arm,cortex-a15-gic"})
        .cells("reg", {0, 0x8000000, 0, 0x1000, 0, 0x8010000, 0, 0x2000})
        .end_node();
    return tree.end_node().finish();
}

TEST(FdtDevices, RegistersAreFoundThroughTheBusesAbove) {
    const auto blob = tree_with_buses();
    const auto opened = Tree::open(blob);
    ASSERT_EQ(opened.error, Error::kNone);
    std::vector<std::uint64_t> bases;
    for (std::size_t i = 0;; ++i) {
        const auto found = device(opened.tree, kUarts, i);
        if (!found) {
            break;
        }
        ASSERT_EQ(found->region_count, 1U);
        EXPECT_EQ(found->regions[0].size, 0x1000U);
        bases.push_back(found->regions[0].base);
    }
    EXPECT_EQ(bases, (std::vector<std::uint64_t>{0x9000000, 0x9010000, 0x1d090000}));
}

TEST(FdtDevices, ADeviceHasAllItsRegions) {
    const auto blob = tree_with_buses();
    const auto opened = Tree::open(blob);
    const auto gic = device(opened.tree, std::array<std::string_view, 1>{"arm,cortex-a15-gic"});
    ASSERT_TRUE(gic);
    ASSERT_EQ(gic->region_count, 2U);
    EXPECT_EQ(gic->regions[0], (MemoryRegion{0x8000000, 0x1000}));
    EXPECT_EQ(gic->regions[1], (MemoryRegion{0x8010000, 0x2000}));
    EXPECT_FALSE(device(opened.tree, std::array<std::string_view, 1>{"arm,gic-v3"}));
}

TEST(FdtDevices, CellsThatMakeNoSenseHideADevice) {
    for (const std::uint32_t cells : {0U, 3U, 0xFFFFFFFFU}) {
        FdtBuilder tree;
        tree.begin_node("")
            .cells("#address-cells", {cells})
            .cells("#size-cells", {1})
            .begin_node("uart")
            .strings("compatible", {"arm,pl011"})
            .cells("reg", {0x9000000, 0x1000, 0, 0})
            .end_node()
            .end_node();
        const auto blob = tree.finish();
        EXPECT_FALSE(device(Tree::open(blob).tree, kUarts)) << cells;
    }
}

}  // namespace
}  // namespace hm::fdt
