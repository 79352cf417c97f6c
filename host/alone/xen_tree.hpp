#pragma once
// The device tree with which Xen starts one guest by itself, without a domain that manages it
// ("dom0less": docs/features/dom0less.pandoc and docs/misc/arm/device-tree/booting.txt of
// Xen 4.17).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hm::host {

/// The guest's image where it lies in the machine's memory before Xen starts, and what it gets.
struct XenGuest {
    std::uint32_t address = 0;
    std::uint32_t bytes = 0;
    std::uint32_t memory = 0;  ///< bytes
    std::string bootargs;
};

/// `machine` is the tree of the machine that Xen runs on. Nothing if it is no device tree, or has
/// no /chosen.
[[nodiscard]] std::optional<std::string> xen_tree(std::string_view machine,
                                                  const std::string& xen_bootargs,
                                                  const XenGuest& guest);

}  // namespace hm::host
