#include "alone/core/surroundings.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/fdt/tree_builder.hpp"

namespace hm::alone {
namespace {

constexpr std::uint32_t kMegabyte = 1U << 20;
constexpr Stretch kImage{0x40010000, 0x40180000};

/// What may be wrong with the tree below.
struct Parts {
    std::string_view gic = "arm,cortex-a15-gic";
    std::string_view uart = "arm,pl011";
    std::string_view conduit = "hvc";
    std::uint32_t timer_type = 1;
    std::uint32_t memory = 0x10000000;
    std::string_view console = "/second@a000000";
};

std::vector<std::byte> tree_of(const Parts& parts) {
    fdt::FdtBuilder tree;
    tree.begin_node("")
        .strings("compatible", {"xen,xen-4.17", "xen,xen"})
        .cells("#address-cells", {2})
        .cells("#size-cells", {2})
        .begin_node("chosen")
        .strings("bootargs", {"under=xen suite=quick"})
        .strings("stdout-path", {parts.console})
        .end_node()
        .begin_node("aliases")
        .strings("serial1", {"/first@9000000"})
        .end_node()
        .begin_node("psci")
        .strings("method", {parts.conduit})
        .end_node()
        .begin_node("memory@40000000")
        .strings("device_type", {"memory"})
        .cells("reg", {0, 0x40000000, 0, parts.memory})
        .end_node()
        .begin_node("gic")
        .strings("compatible", {parts.gic})
        .cells("reg", {0, 0x3001000, 0, 0x1000, 0, 0x3002000, 0, 0x2000})
        .end_node()
        .begin_node("timer")
        .strings("compatible", {"arm,armv7-timer"})
        // Secure, Non-secure, virtual, HYP: PPIs 13, 14, 11, 10.
        .cells("interrupts",
               {1, 13, 0xf08, 1, 14, 0xf08, parts.timer_type, 11, 0xf08, 1, 10, 0xf08})
        .end_node()
        .begin_node("first@9000000")
        .strings("compatible", {parts.uart})
        .cells("reg", {0, 0x9000000, 0, 0x1000})
        .end_node()
        .begin_node("second@a000000")
        .strings("compatible", {parts.uart})
        .cells("reg", {0, 0xa000000, 0, 0x1000})
        .end_node()
        .end_node();
    return tree.finish();
}

Found found_in(const std::vector<std::byte>& blob, Stretch image = kImage) {
    return surroundings_in(fdt::Tree::open(blob).tree, image, 0x48000000);
}

TEST(Surroundings, AreWhatTheTreeSays) {
    const auto blob = tree_of({});
    const Found found = found_in(blob);
    ASSERT_EQ(found.lack, "");
    const Surroundings& here = found.surroundings;
    EXPECT_EQ(here.machine, "xen,xen-4.17");
    EXPECT_EQ(here.bootargs, "under=xen suite=quick");
    EXPECT_EQ(here.distributor, 0x3001000U);
    EXPECT_EQ(here.cpu_interface, 0x3002000U);
    EXPECT_EQ(here.timer_interrupt, 27U);  // PPI 11
    EXPECT_EQ(here.uart, 0xa000000U);
    EXPECT_EQ(here.conduit, Conduit::kHvc);
    // Whole units of 2 MB above the image.
    EXPECT_EQ(here.heap.begin, 0x40200000U);
    EXPECT_EQ(here.heap.end, 0x50000000U);
}

TEST(Surroundings, AnImageAtTheEndOfMemoryLeavesWhatIsBelow) {
    const auto blob = tree_of({.memory = 64 * kMegabyte});
    const Found found = found_in(blob, {0x43e00000, 0x43f70000});
    ASSERT_EQ(found.lack, "");
    EXPECT_EQ(found.surroundings.heap.begin, 0x40000000U);
    EXPECT_EQ(found.surroundings.heap.end, 0x43e00000U);
}

TEST(Surroundings, MemoryUpToTheEndOf32BitsLeavesAnAddressAfterIt) {
    fdt::FdtBuilder tree;
    tree.begin_node("")
        .cells("#address-cells", {2})
        .cells("#size-cells", {2})
        .begin_node("memory@c0000000")
        .strings("device_type", {"memory"})
        .cells("reg", {0, 0xc0000000, 0, 0x80000000})
        .end_node()
        .begin_node("gic")
        .strings("compatible", {"arm,gic-400"})
        .cells("reg", {0, 0x3001000, 0, 0x1000, 0, 0x3002000, 0, 0x2000})
        .end_node()
        .begin_node("timer")
        .strings("compatible", {"arm,armv8-timer"})
        .cells("interrupts", {1, 13, 8, 1, 14, 8, 1, 11, 8})
        .end_node()
        .begin_node("uart")
        .strings("compatible", {"arm,sbsa-uart"})
        .cells("reg", {0, 0x22000000, 0, 0x1000})
        .end_node()
        .end_node();
    const auto blob = tree.finish();
    const Found found = found_in(blob, {0xc0000000, 0xc0100000});
    ASSERT_EQ(found.lack, "");
    EXPECT_EQ(found.surroundings.heap.begin, 0xc0200000U);
    EXPECT_EQ(found.surroundings.heap.end, 0xffe00000U);
    EXPECT_EQ(found.surroundings.conduit, Conduit::kNone);
}

TEST(Surroundings, TheConsoleMayBeNamedByAnAlias) {
    const auto blob = tree_of({.console = "serial1:115200n8"});
    EXPECT_EQ(uart_in(fdt::Tree::open(blob).tree), 0x9000000U);
}

TEST(Surroundings, WithoutANamedConsoleTheFirstUartIsIt) {
    const auto blob = tree_of({.console = "/nobody"});
    EXPECT_EQ(uart_in(fdt::Tree::open(blob).tree), 0x9000000U);
}

TEST(Surroundings, WhatTheTreeLacksIsSaid) {
    const auto lack = [](const Parts& parts) { return std::string(found_in(tree_of(parts)).lack); };
    EXPECT_EQ(lack({.gic = "arm,gic-v3"}), "a GICv2");
    EXPECT_EQ(lack({.uart = "ns16550a"}), "a PL011 or SBSA UART");
    EXPECT_EQ(lack({.timer_type = 0}), "the interrupt of the virtual timer");  // an SPI
    EXPECT_EQ(lack({.memory = kMegabyte}), "memory that is free");
}

}  // namespace
}  // namespace hm::alone
