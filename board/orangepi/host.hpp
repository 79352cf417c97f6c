#pragma once
// Boards with Allwinner's H3, as the host tool sees them.

#include <array>

#include "board/host_facts.hpp"

namespace hm::board::orangepi {

// The card's controller is the first (v2023.01, arch/arm/dts/sunxi-h3-h5.dtsi, mmc0).
inline constexpr std::array<std::string_view, 1> kCards{"mmc 0:1"};

// The boot ROM reads the SPL from 8 KB on (doc/board/allwinner/sunxi.rst). Debian has no U-Boot for
// Orange Pi PC; that for NanoPi NEO boots on QEMU's. The boot ROM's words are those of U-Boot
// v2023.01 (include/sunxi_image.h).
inline constexpr LoaderFacts kLoader{
    .file = "u-boot-sunxi/nanopi_neo.bin", .sector = 16, .magic = "eGON.BT0"};

// U-Boot has moved itself to the end of memory, with a heap of 64 MB below it
// (boot/Kconfig, SYS_MALLOC_LEN for ARCH_SUNXI), and its stack below that.
inline constexpr std::uint32_t kUBootBytes = 96U << 20;

// All that is loaded lies in the 256 MB of the smallest board.
inline constexpr HostFacts kHost{.name = "orangepi",
                                 .meaning =
                                     "Allwinner H3 (Orange Pi PC, NanoPi NEO), and QEMU's "
                                     "orangepi-pc",
                                 .core = "cortex-a7",
                                 .qemu = {.name = "orangepi-pc",
                                          .hyp_suffix = "",
                                          .secure_suffix = "",
                                          .entry = EntryMode::kHyp,
                                          .hyp_by_uimage = true,
                                          .has_tree = false,
                                          .cores = 4,
                                          .megabytes = 1024,
                                          .disk = "-drive if=sd,format=raw,file=disk.img"},
                                 .uboot = {.load = 0x4800'0000,
                                           .tree = 0x4700'0000,
                                           .proof = 0x4900'0000,
                                           .memory = 0x4000'0000,
                                           .memory_bytes = 0x4000'0000,
                                           .own_bytes = kUBootBytes,
                                           .cards = kCards,
                                           .card_scan = "mmc rescan",
                                           .network_start = "",
                                           .has_reset = true},
                                 .foreign = {.bundle = 0x6200'0000},
                                 .loader = kLoader,
                                 .has_gem5 = false,
                                 .has_uboot = true};

}  // namespace hm::board::orangepi
