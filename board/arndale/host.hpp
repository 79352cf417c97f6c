#pragma once
// Arndale, as the host tool sees it.

#include <array>

#include "board/host_facts.hpp"

namespace hm::board::arndale {

// U-Boot counts the channels that are in use: the eMMC's, then the card's (v2023.01,
// arch/arm/dts/exynos5250-arndale.dts). Other versions count otherwise.
inline constexpr std::array<std::string_view, 3> kCards{"mmc 1:1", "mmc 0:1", "mmc 2:1"};

// U-Boot has moved itself to the end of memory, with a heap of 80 MB below it
// (include/configs/exynos-common.h, CONFIG_SYS_MALLOC_LEN), and its stack below that.
inline constexpr std::uint32_t kUBootBytes = 128U << 20;

inline constexpr HostFacts kHost{.name = "arndale",
                                 .meaning = "Arndale, Exynos 5250",
                                 .core = "cortex-a15",
                                 .qemu = {},
                                 .uboot = {.load = 0x5000'0000,
                                           .tree = 0x4f00'0000,
                                           .proof = 0x5400'0000,
                                           .memory = 0x4000'0000,
                                           .memory_bytes = 0x8000'0000,
                                           .own_bytes = kUBootBytes,
                                           .cards = kCards,
                                           .card_scan = "mmc rescan",
                                           .network_start = "usb start",
                                           .has_reset = true},
                                 .foreign = {.bundle = 0x8200'0000, .counter_hz = 24'000'000},
                                 .has_gem5 = false,
                                 .has_uboot = true};

}  // namespace hm::board::arndale
