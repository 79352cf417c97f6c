#pragma once
// Boards with NXP's i.MX7D, as the host tool sees them.

#include <array>

#include "board/host_facts.hpp"

namespace hm::board::imx7d {

// The card's controller is the first, on SABRE (v2023.01, include/configs/mx7dsabresd.h,
// BOOT_TARGET_DEVICES) and on Colibri (colibri_imx7.h), where the eMMC may come first.
inline constexpr std::array<std::string_view, 2> kCards{"mmc 0:1", "mmc 1:1"};

// U-Boot has moved itself to the end of memory, with a heap of 32 MB below it
// (configs/mx7dsabresd_defconfig, SYS_MALLOC_LEN), and its stack below that.
inline constexpr std::uint32_t kUBootBytes = 64U << 20;

// All that is loaded lies in the 512 MB of the smallest board.
inline constexpr HostFacts kHost{
    .name = "imx7d",
    .meaning = "NXP i.MX7D (SABRE, Colibri), and QEMU's mcimx7d-sabre",
    .core = "cortex-a7",
    .qemu = {.name = "mcimx7d-sabre",
             .hyp_suffix = "",
             .secure_suffix = "",
             .entry = EntryMode::kHyp,
             .hyp_by_uimage = true,
             .has_tree = false,
             .holds_second_core = true,
             // When its timers are reset (hw/timer/imx_gpt.c, hw/misc/imx7_ccm.c).
             .own_complaint = "[imx7.ccm]imx7_ccm_get_clock_frequency: Not implemented"},
    .uboot = {.load = 0x8800'0000,
              .tree = 0x8700'0000,
              .proof = 0x8900'0000,
              .memory = 0x8000'0000,
              .memory_bytes = 0x4000'0000,
              .own_bytes = kUBootBytes,
              .cards = kCards,
              .card_scan = "mmc rescan",
              .network_start = "",
              .has_reset = true},
    .foreign = {.bundle = 0xa200'0000},
    .has_gem5 = false,
    .has_uboot = true};

}  // namespace hm::board::imx7d
