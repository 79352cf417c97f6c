#pragma once
// Versatile Express, as the host tool sees it.

#include "board/host_facts.hpp"

namespace hm::board::vexpress {

inline constexpr HostFacts kHost{.name = "vexpress",
                                 .meaning = "QEMU's vexpress-a15, and gem5's VExpress_GEM5_V1",
                                 .core = "cortex-a15",
                                 .qemu = {.name = "vexpress-a15",
                                          .hyp_suffix = ",secure=off",
                                          .secure_suffix = "",
                                          .entry = EntryMode::kSecure,
                                          .has_tree = false,
                                          .sound = "pl041"},
                                 .uboot = {},
                                 .foreign = {.bundle = 0xc1e0'0000,
                                             .memory = 0x8000'0000,
                                             .distributor = 0x2c00'1000,
                                             .cpu_interface = 0x2c00'2000,
                                             .uart = 0x1c09'0000,
                                             .uart_interrupt = 37},
                                 .has_gem5 = true,
                                 .has_uboot = false};

}  // namespace hm::board::vexpress
