#pragma once
// QEMU's virt, as the host tool sees it.

#include <array>

#include "board/host_facts.hpp"

namespace hm::board::virt {

inline constexpr std::array<std::string_view, 1> kCards{"virtio 0:1"};

inline constexpr HostFacts kHost{.name = "virt",
                                 .meaning = "QEMU's virt machine (the default)",
                                 .core = "cortex-a15",
                                 .qemu = {.name = "virt,virtualization=on,gic-version=2",
                                          .hyp_suffix = "",
                                          .secure_suffix = ",secure=on",
                                          .entry = EntryMode::kHyp,
                                          .has_tree = true,
                                          .holds_second_core = true,
                                          .disk = "-drive if=none,id=d,format=raw,file=disk.img "
                                                  "-device virtio-blk-device,drive=d"},
                                 .uboot = {.load = 0x4800'0000,
                                           .tree = 0x4700'0000,
                                           .proof = 0x4c00'0000,
                                           .memory = 0x4000'0000,
                                           .memory_bytes = 0x8000'0000,
                                           .own_bytes = 128U << 20,
                                           .cards = kCards,
                                           .card_scan = "virtio scan",
                                           .network_start = "",
                                           .has_reset = false},
                                 .foreign = {.bundle = 0x81e0'0000,
                                             .memory = 0x4000'0000,
                                             .distributor = 0x0800'0000,
                                             .cpu_interface = 0x0801'0000,
                                             .uart = 0x0900'0000,
                                             .uart_interrupt = 33},
                                 .has_gem5 = false,
                                 .has_uboot = true};

}  // namespace hm::board::virt
