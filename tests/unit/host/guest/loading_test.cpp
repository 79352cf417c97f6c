#include "host/guest/loading.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "board/arndale/board.hpp"
#include "host/guest/stretch.hpp"
#include "tests/unit/host/machine/boot_files.hpp"

namespace hm::host::testing {
namespace {

constexpr std::uint32_t kMega = 1U << 20;

/// The number that `board`'s linker script sets `symbol` to.
std::uint32_t linked_at(std::string_view board, const std::string& symbol) {
    std::ifstream script(std::string(HYPMETER_SOURCE_DIR "/board/") + std::string(board) +
                         "/memory.ld");
    for (std::string line; std::getline(script, line);) {
        if (line.starts_with(symbol + " = ")) {
            return static_cast<std::uint32_t>(
                std::stoul(line.substr(symbol.size() + 3), nullptr, 16));
        }
    }
    ADD_FAILURE() << symbol << " of " << board;
    return 0;
}

Loading loading_on(const Board& board) {
    const std::uint32_t base = linked_at(board.name, "FOREIGN_BASE");
    return loading_of(board, std::string(kMega, 'b'), std::string(kMega, 'i'),
                      std::string(1000, 't'), {base, base});
}

const Board& arndale() { return *find_board("arndale"); }

/// A copy of Arndale that a test may change.
struct Changed {
    Board board = arndale();
    Loading loading = loading_on(board);

    Changed() { loading.board = &board; }
    [[nodiscard]] bool is_refused_for(const std::string& what) const {
        return loading_fault(loading).find(what) != std::string::npos;
    }
};

TEST(HostLoading, IsInOrderOnEveryBoardWithUBoot) {
    std::size_t boards_with_uboot = 0;
    for (const Board* const board : boards()) {
        if (board->has_uboot) {
            ++boards_with_uboot;
            EXPECT_EQ(loading_fault(loading_on(*board)), "") << board->name;
        }
    }
    EXPECT_GE(boards_with_uboot, 2U);
}

TEST(HostLoading, TheBundleLiesWhereTheImageLooksForIt) {
    for (const Board* const board : boards()) {
        // linker/hyp.ld, __tables_end.
        const std::uint32_t tables =
            linked_at(board->name, "GUEST_BASE") - linked_at(board->name, "HYP_BASE");
        EXPECT_EQ(board->foreign.bundle, linked_at(board->name, "FOREIGN_BASE") + tables)
            << board->name;
    }
}

TEST(HostLoading, OnArndaleEverythingLiesInItsTwoGigabytes) {
    const auto& ram = board::kKnownRam;
    ASSERT_TRUE(ram);
    const Stretch memory{ram->base, ram->base + ram->bytes};
    EXPECT_EQ(memory, (Stretch{0x4000'0000, 0xc000'0000}));
    const board::UBootFacts& uboot = arndale().uboot;
    EXPECT_EQ(uboot.memory, memory.begin);
    EXPECT_EQ(uboot.memory + std::uint64_t{uboot.memory_bytes}, memory.end);
    EXPECT_GE(uboot.own_bytes, board::kLoaderBytes) << "where the second core may wait";
    const Loading loading = loading_on(arndale());
    EXPECT_EQ(loading.linked.load, memory.begin + 1024 * kMega);
    for (const LoadedFile* const file : loading.files()) {
        const Stretch place{file->address, std::uint64_t{file->address} + file->bytes.size()};
        EXPECT_TRUE(contains({memory.begin, memory.end - board::kLoaderBytes}, place))
            << file->name << " " << text_of(place);
    }
    EXPECT_EQ(arndale().foreign.counter_hz, board::kCounterHz);
}

TEST(HostLoading, ABundleMayReachToUBootAndNoFurther) {
    Changed changed;
    changed.loading.bundle.bytes.assign(8 * kMega, 'b');
    changed.board.uboot.memory_bytes = 0x8280'0000 - 0x4000'0000 + changed.board.uboot.own_bytes;
    EXPECT_EQ(loading_fault(changed.loading), "");
    changed.loading.bundle.bytes += 'b';
    EXPECT_EQ(loading_fault(changed.loading),
              "the bundle, 0x82000000 to 0x82800000, overlaps U-Boot's own memory on arndale, "
              "0x82800000 to 0x8a7fffff");
    changed.board.uboot.memory_bytes = 0x8280'0000 - 0x4000'0000;
    EXPECT_EQ(loading_fault(changed.loading),
              "the bundle, 0x82000000 to 0x82800000, does not fit into the memory of arndale, "
              "0x40000000 to 0x827fffff");
}

TEST(HostLoading, WhatOverlapsIsNamed) {
    Changed changed;
    changed.loading.image.address = changed.loading.tree.address - kMega + 1;
    EXPECT_TRUE(changed.is_refused_for("the image as it is loaded"));
    EXPECT_TRUE(changed.is_refused_for("overlaps the device tree"));
    changed = Changed();
    changed.loading.tree.address = changed.loading.image.address - 2000;
    EXPECT_TRUE(changed.is_refused_for("overlaps the device tree")) << "U-Boot enlarges it";
    changed = Changed();
    changed.loading.tree.address = changed.loading.bundle.address + 4;
    EXPECT_TRUE(changed.is_refused_for("the bundle")) << loading_fault(changed.loading);
    changed = Changed();
    changed.loading.image.address = changed.loading.linked.load - 4096;
    EXPECT_TRUE(changed.is_refused_for("overlaps the image with its tables"));
    changed = Changed();
    changed.loading.linked.load = changed.loading.bundle.address;
    EXPECT_TRUE(changed.is_refused_for("not below its bundle"));
    changed = Changed();
    changed.loading.tree.address = 0x3fff'0000;
    EXPECT_TRUE(changed.is_refused_for("does not fit into the memory"));
}

TEST(HostLoading, TheScriptLoadsEachFileAndStartsTheImage) {
    const std::string script = boot_script(loading_on(arndale()));
    const std::string from = "if load ${devtype} ${devnum}:${distro_bootpart} ";
    const std::string expected =
        "setenv bootargs suite=quick\n" + from +
        "0x82000000 ${prefix}hypmeter-guest.bundle; then\n    " + from +
        "0x50000000 ${prefix}hypmeter-arndale-foreign.uimg; then\n        " + from +
        "0x4f000000 ${prefix}hypmeter-arndale.dtb; then\n"
        "            bootm 0x50000000 - 0x4f000000\n        fi\n    fi\nfi\n"
        "echo \"hypmeter: not started: hypmeter-guest.bundle or hypmeter-arndale-foreign.uimg or "
        "hypmeter-arndale.dtb is missing or was refused\"\n";
    EXPECT_TRUE(script.ends_with("\n" + expected)) << script;
}

TEST(HostLoading, ThePromptGetsTheSameFilesFromCardAndNetwork) {
    const Loading loading = loading_on(arndale());
    EXPECT_EQ(
        card_load_commands(loading),
        (std::vector<std::string>{"mmc rescan", "load mmc 1:1 0x82000000 hypmeter-guest.bundle",
                                  "load mmc 1:1 0x50000000 hypmeter-arndale-foreign.uimg",
                                  "load mmc 1:1 0x4f000000 hypmeter-arndale.dtb"}));
    EXPECT_EQ(tftp_load_commands(loading),
              (std::vector<std::string>{"usb start", "setenv autoload no", "dhcp",
                                        "tftpboot 0x82000000 hypmeter-guest.bundle",
                                        "tftpboot 0x50000000 hypmeter-arndale-foreign.uimg",
                                        "tftpboot 0x4f000000 hypmeter-arndale.dtb"}));
}

TEST(HostLoading, ThePartitionGrowsWithTheFiles) {
    Loading loading = loading_on(arndale());
    EXPECT_EQ(card_sectors(loading), 32768U);
    loading.bundle.bytes.assign(40 * kMega, 'b');
    EXPECT_GT(card_sectors(loading), 42 * kMega / 512);
}

TEST(HostLoading, AScriptsImageIsTheOneThatWasMadeByHand) {
    EXPECT_EQ(script_image("hypmeter", "echo it\n"), script_file("echo it\n"));
}

}  // namespace
}  // namespace hm::host::testing
