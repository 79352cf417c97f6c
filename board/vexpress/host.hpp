#pragma once
// Versatile Express, as the host tool sees it.

#include "board/host_facts.hpp"

namespace hm::board::vexpress {

inline constexpr HostFacts kHost{.name = "vexpress",
                                 .meaning = "QEMU's vexpress-a15, and gem5's VExpress_GEM5_V1",
                                 .qemu = {.name = "vexpress-a15",
                                          .hyp_suffix = ",secure=off",
                                          .secure_suffix = "",
                                          .entry = EntryMode::kSecure,
                                          .has_tree = false,
                                          .sound = "pl041"},
                                 .uboot = {},
                                 .has_gem5 = true,
                                 .has_uboot = false};

}  // namespace hm::board::vexpress
