#include "drivers/fdt/machine.hpp"

#include <limits>

#include "drivers/fdt/text.hpp"

namespace hm::fdt {
namespace {

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
std::size_t cells_or(const Node& node, std::string_view name, std::size_t otherwise) {
    const auto property = node.property(name);
    return property ? static_cast<std::size_t>(property->number().value_or(0)) : otherwise;
}

/// The defaults are the specification's: Devicetree Specification v0.3, 2.3.5.
RegShape reg_shape_below(const Node& node) {
    return {.address_cells = cells_or(node, "#address-cells", 2),
            .size_cells = cells_or(node, "#size-cells", 1)};
}

std::optional<std::string_view> text_of(const Node& node, std::string_view name) {
    const auto property = node.property(name);
    return property ? property->text() : std::nullopt;
}

/// A memory node is recognised by its type (specification, 3.4), in older trees by its name.
bool is_memory(const Node& node) {
    const std::string_view name = node.name();
    return text_of(node, "device_type") == "memory" || before(name, "@") == "memory";
}

/// Not so QEMU's Secure RAM with secure=on: its node exists, but is disabled.
bool is_enabled(const Node& node) {
    const auto status = node.property("status");
    return !status || status->text() == "okay" || status->text() == "ok";
}

bool add_regions(MemoryMap& map, const Node& node, RegShape shape) {
    const auto reg = node.property("reg");
    if (!reg || !shape.is_supported() || reg->value.size() % shape.bytes() != 0) {
        return false;
    }
    const std::size_t cells = reg->value.size() / 4;
    for (std::size_t cell = 0; cell < cells; cell += shape.address_cells + shape.size_cells) {
        const auto base = reg->number(cell, shape.address_cells);
        const auto size = reg->number(cell + shape.address_cells, shape.size_cells);
        if (!base || !size || !map.add({.base = *base, .size = *size})) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::optional<std::string_view> bootargs(const Tree& tree) {
    const auto chosen = tree.find("/chosen");
    return chosen ? text_of(*chosen, "bootargs") : std::nullopt;
}

std::optional<std::string_view> compatible(const Tree& tree, std::size_t index) {
    const auto names = tree.root().property("compatible");
    return names ? names->text(index) : std::nullopt;
}

std::uint64_t MemoryMap::total_bytes() const {
    std::uint64_t total = 0;
    for (const MemoryRegion& region : regions()) {
        total += region.size;
    }
    return total;
}

bool MemoryMap::add(MemoryRegion region) {
    if (region.size == 0) {
        return true;
    }
    const std::uint64_t bytes_behind_base = std::numeric_limits<std::uint64_t>::max() - region.base;
    if (region.size - 1 > bytes_behind_base) {
        return false;
    }
    if (count_ != 0) {
        MemoryRegion& last = regions_[count_ - 1];
        if (last.base + last.size == region.base) {
            last.size += region.size;
            return true;
        }
    }
    if (count_ == kMaxRegions) {
        return false;
    }
    regions_[count_++] = region;
    return true;
}

std::optional<MemoryMap> memory(const Tree& tree) {
    const RegShape shape = reg_shape_below(tree.root());
    MemoryMap map;
    for (auto node = tree.root().first_child(); node; node = node->next_sibling()) {
        if (is_memory(*node) && is_enabled(*node) && !add_regions(map, *node, shape)) {
            return std::nullopt;
        }
    }
    return map;
}

}  // namespace hm::fdt
