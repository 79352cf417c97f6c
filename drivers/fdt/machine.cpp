#include "drivers/fdt/machine.hpp"

#include <algorithm>
#include <limits>

#include "drivers/fdt/cells.hpp"
#include "drivers/fdt/text.hpp"

namespace hm::fdt {
namespace {

std::optional<std::string_view> text_of(const Node& node, std::string_view name) {
    const auto property = node.property(name);
    return property ? property->text() : std::nullopt;
}

/// A memory node is recognised by its type (specification, 3.4), in older trees by its name.
bool is_memory(const Node& node) {
    const std::string_view name = node.name();
    return text_of(node, "device_type") == "memory" || before(name, "@") == "memory";
}

/// Calls `take` with every region of `property`; false if one cannot be read or is refused.
template <class Take>
bool for_each_region(const Property& property, RegShape shape, Take&& take) {
    if (!shape.is_supported() || property.value.size() % shape.bytes() != 0) {
        return false;
    }
    const std::size_t cells = property.value.size() / 4;
    for (std::size_t cell = 0; cell < cells; cell += shape.address_cells + shape.size_cells) {
        const auto base = property.number(cell, shape.address_cells);
        const auto size = property.number(cell + shape.address_cells, shape.size_cells);
        if (!base || !size || !take(MemoryRegion{.base = *base, .size = *size})) {
            return false;
        }
    }
    return true;
}

/// The end of `region`, or the highest number if it reaches beyond 64 bits.
std::uint64_t end_of(MemoryRegion region) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    return region.size > kMost - region.base ? kMost : region.base + region.size;
}

/// The last byte of a region may be the last that 64 bits can name.
bool reaches_beyond(MemoryRegion region) {
    return region.size != 0 &&
           region.size - 1 > std::numeric_limits<std::uint64_t>::max() - region.base;
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

/// A region up to `end`, behind all others.
bool MemoryMap::append(std::uint64_t begin, std::uint64_t end) {
    if (begin >= end) {
        return true;
    }
    if (count_ == kMaxRegions) {
        return false;
    }
    regions_[count_++] = {.base = begin, .size = end - begin};
    return true;
}

bool MemoryMap::add(MemoryRegion region) {
    if (reaches_beyond(region)) {
        return false;
    }
    std::uint64_t begin = region.base;
    std::uint64_t end = std::min(end_of(region), kEnd);
    if (begin >= end) {
        return true;
    }
    MemoryMap sum;
    bool is_in = false;
    for (const MemoryRegion& other : regions()) {
        const std::uint64_t other_end = other.base + other.size;
        if (other_end >= begin && other.base <= end) {
            begin = std::min(begin, other.base);
            end = std::max(end, other_end);
            continue;
        }
        if (other.base > end && !is_in) {
            is_in = true;
            if (!sum.append(begin, end)) {
                return false;
            }
        }
        if (!sum.append(other.base, other_end)) {
            return false;
        }
    }
    if (!is_in && !sum.append(begin, end)) {
        return false;
    }
    *this = sum;
    return true;
}

bool MemoryMap::remove(MemoryRegion region) {
    if (region.size == 0) {
        return true;
    }
    const std::uint64_t end = end_of(region);
    MemoryMap rest;
    for (const MemoryRegion& other : regions()) {
        const std::uint64_t other_end = other.base + other.size;
        if (!rest.append(other.base, std::min(other_end, region.base)) ||
            !rest.append(std::max(other.base, end), other_end)) {
            return false;
        }
    }
    *this = rest;
    return true;
}

std::optional<MemoryRegion> MemoryMap::around(std::uint64_t address) const {
    for (const MemoryRegion& region : regions()) {
        if (address >= region.base && address - region.base < region.size) {
            return region;
        }
    }
    return std::nullopt;
}

std::optional<MemoryMap> memory(const Tree& tree) {
    const RegShape shape = reg_shape_below(tree.root());
    MemoryMap map;
    const auto add = [&map](MemoryRegion region) { return map.add(region); };
    for (auto node = tree.root().first_child(); node; node = node->next_sibling()) {
        if (!is_memory(*node) || !is_enabled(*node)) {
            continue;
        }
        const auto usable = node->property("linux,usable-memory");
        const auto reg = usable ? usable : node->property("reg");
        if (reg && !for_each_region(*reg, shape, add)) {
            return std::nullopt;
        }
    }
    return map;
}

bool keep_clear(MemoryMap& map, const Tree& tree, std::uint64_t tree_at) {
    for (std::size_t index = 0; const auto entry = tree.reservation(index); ++index) {
        const MemoryRegion region{.base = entry->address, .size = entry->size};
        if (region.base != tree_at && !map.remove(region)) {
            return false;
        }
    }
    const auto parent = tree.find("/reserved-memory");
    if (!parent) {
        return true;
    }
    const RegShape shape = reg_shape_below(*parent);
    const auto remove = [&map](MemoryRegion region) { return map.remove(region); };
    for (auto node = parent->first_child(); node; node = node->next_sibling()) {
        const auto reg = node->property("reg");
        if (reg && is_enabled(*node) && !for_each_region(*reg, shape, remove)) {
            return false;
        }
    }
    return true;
}

}  // namespace hm::fdt
