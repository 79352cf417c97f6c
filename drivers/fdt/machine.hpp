#pragma once
// What a boot loader reports in a device tree: the command line, the memory, the machine's name.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/fdt/tree.hpp"

namespace hm::fdt {

/// The command line in /chosen (QEMU's -append, U-Boot's bootargs); absent if none was given.
[[nodiscard]] std::optional<std::string_view> bootargs(const Tree& tree);

/// Name number `index` of the machine, the most specific first.
[[nodiscard]] std::optional<std::string_view> compatible(const Tree& tree, std::size_t index = 0);

/// `size` bytes of RAM at physical address `base`; never empty, and ending within 64 bits.
struct MemoryRegion {
    std::uint64_t base = 0;
    std::uint64_t size = 0;
};

/// The RAM that a tree names, in the tree's order.
class MemoryMap {
  public:
    static constexpr std::size_t kMaxRegions = 8;

    [[nodiscard]] std::span<const MemoryRegion> regions() const {
        return std::span(regions_).first(count_);
    }

    /// The sum of all regions, in bytes.
    [[nodiscard]] std::uint64_t total_bytes() const;

    /// Adds `region` unless it is empty; false if it wraps around or there is no room for it. A
    /// region that begins where the last one ends is joined to it: U-Boot reports each of the eight
    /// banks of an Arndale's memory (include/configs/arndale.h).
    [[nodiscard]] bool add(MemoryRegion region);

  private:
    std::array<MemoryRegion, kMaxRegions> regions_{};
    std::size_t count_ = 0;
};

/// The RAM in all memory nodes below the root that are not disabled. Absent if the `reg` of a node
/// is not a whole number of regions, if addresses or sizes do not take one or two cells, if a
/// region wraps around, or if there are more than kMaxRegions.
[[nodiscard]] std::optional<MemoryMap> memory(const Tree& tree);

}  // namespace hm::fdt
