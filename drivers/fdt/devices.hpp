#pragma once
// Devices of a tree, with their registers at physical addresses.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"

namespace hm::fdt {

/// A device that is not disabled, nor is a bus above it.
struct Device {
    static constexpr std::size_t kMostRegions = 4;

    Node node;
    /// Its `reg`, as the root's addresses; more than kMostRegions are left out.
    std::array<MemoryRegion, kMostRegions> regions{};
    std::size_t region_count = 0;
};

/// Device number `index`, in the tree's order, whose `compatible` names one of `names` and whose
/// registers the processor reaches: through the `ranges` of each bus between it and the root
/// (Devicetree Specification v0.3, 2.3.8). Nothing if there are not so many.
[[nodiscard]] std::optional<Device> device(const Tree& tree,
                                           std::span<const std::string_view> names,
                                           std::size_t index = 0);

/// Whether the node's `compatible` names one of `names`.
[[nodiscard]] bool is_compatible(const Node& node, std::span<const std::string_view> names);

}  // namespace hm::fdt
