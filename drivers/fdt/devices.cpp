#include "drivers/fdt/devices.hpp"

#include <algorithm>

#include "drivers/fdt/cells.hpp"

namespace hm::fdt {
namespace {

/// No tree of a machine is deeper, and the stack is small.
constexpr std::size_t kMostBuses = 8;

/// The buses from the root to where a device is.
struct Path {
    struct Bus {
        Node node;
        RegShape shape;  ///< of its children's `reg`
    };
    std::array<std::optional<Bus>, kMostBuses> buses{};
    std::size_t depth = 0;
};

/// `address` on the last of `path`, as one of the bus above it.
std::optional<std::uint64_t> up_from(const Path::Bus& bus, RegShape above, std::uint64_t address) {
    const auto ranges = bus.node.property("ranges");
    if (!ranges) {
        return std::nullopt;  // no way up
    }
    if (ranges->value.empty()) {
        return address;
    }
    if (!bus.shape.is_supported() || !above.is_supported()) {
        return std::nullopt;  // as PCI's, which has three cells: none of ours lies there
    }
    const std::size_t row = bus.shape.address_cells + above.address_cells + bus.shape.size_cells;
    for (std::size_t cell = 0; cell < ranges->value.size() / 4; cell += row) {
        const auto child = ranges->number(cell, bus.shape.address_cells);
        const auto parent = ranges->number(cell + bus.shape.address_cells, above.address_cells);
        const auto size = ranges->number(cell + bus.shape.address_cells + above.address_cells,
                                         bus.shape.size_cells);
        if (child && parent && size && address >= *child && address - *child < *size) {
            return address - *child + *parent;
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> to_root(const Path& path, std::uint64_t address) {
    std::optional<std::uint64_t> at = address;
    for (std::size_t i = path.depth - 1; i > 0 && at; --i) {
        at = up_from(*path.buses[i], path.buses[i - 1]->shape, *at);
    }
    return at;
}

Device device_at(const Path& path, const Node& node) {
    Device device{.node = node};
    const auto reg = node.property("reg");
    const RegShape shape = path.buses[path.depth - 1]->shape;
    for (std::size_t i = 0; reg && shape.is_supported() && i < Device::kMostRegions; ++i) {
        const std::size_t cell = i * (shape.address_cells + shape.size_cells);
        const auto base = reg->number(cell, shape.address_cells);
        const auto size = reg->number(cell + shape.address_cells, shape.size_cells);
        const auto at = base ? to_root(path, *base) : std::nullopt;
        if (!at || !size) {
            break;
        }
        device.regions[device.region_count++] = {*at, *size};
    }
    return device;
}

/// The first device below the last bus of `path`, after `index` others.
std::optional<Device> find_below(Path& path, std::span<const std::string_view> names,
                                 std::size_t& index) {
    const Node bus = path.buses[path.depth - 1]->node;
    for (auto node = bus.first_child(); node; node = node->next_sibling()) {
        if (!is_enabled(*node)) {
            continue;
        }
        if (is_compatible(*node, names)) {
            const Device found = device_at(path, *node);
            if (found.region_count != 0 && index-- == 0) {
                return found;
            }
        }
        if (path.depth < kMostBuses && node->first_child()) {
            path.buses[path.depth++] = Path::Bus{*node, reg_shape_below(*node)};
            if (auto found = find_below(path, names, index)) {
                return found;
            }
            --path.depth;
        }
    }
    return std::nullopt;
}

}  // namespace

bool is_compatible(const Node& node, std::span<const std::string_view> names) {
    const auto compatible = node.property("compatible");
    if (!compatible) {
        return false;
    }
    for (std::size_t i = 0;; ++i) {
        const auto text = compatible->text(i);
        if (!text) {
            return false;
        }
        if (std::find(names.begin(), names.end(), *text) != names.end()) {
            return true;
        }
    }
}

std::optional<Device> device(const Tree& tree, std::span<const std::string_view> names,
                             std::size_t index) {
    Path path;
    path.buses[path.depth++] = Path::Bus{tree.root(), reg_shape_below(tree.root())};
    return find_below(path, names, index);
}

}  // namespace hm::fdt
