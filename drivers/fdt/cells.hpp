#pragma once
// What the nodes of a tree have in common: the shape of `reg`, and whether a node counts.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "drivers/fdt/tree.hpp"

namespace hm::fdt {

/// How many cells an address and a size take in the `reg` of a node's children.
struct RegShape {
    std::size_t address_cells;
    std::size_t size_cells;

    [[nodiscard]] bool is_supported() const {
        return address_cells >= 1 && address_cells <= 2 && size_cells >= 1 && size_cells <= 2;
    }
    [[nodiscard]] std::size_t bytes() const { return 4 * (address_cells + size_cells); }
};

/// The value of a one-cell property: `otherwise` if it is absent, 0 if it has no cell.
[[nodiscard]] inline std::size_t cells_or(const Node& node, std::string_view name,
                                          std::size_t otherwise) {
    const auto property = node.property(name);
    return property ? static_cast<std::size_t>(property->number().value_or(0)) : otherwise;
}

/// The defaults are the specification's: Devicetree Specification v0.3, 2.3.5.
[[nodiscard]] inline RegShape reg_shape_below(const Node& node) {
    return {.address_cells = cells_or(node, "#address-cells", 2),
            .size_cells = cells_or(node, "#size-cells", 1)};
}

/// Not so QEMU's Secure RAM with secure=on: its node exists, but is disabled.
[[nodiscard]] inline bool is_enabled(const Node& node) {
    const auto status = node.property("status");
    return !status || status->text() == "okay" || status->text() == "ok";
}

}  // namespace hm::fdt
