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

/// `size` bytes of memory at physical address `base`.
struct MemoryRegion {
    std::uint64_t base = 0;
    std::uint64_t size = 0;

    friend constexpr bool operator==(const MemoryRegion&, const MemoryRegion&) = default;
};

/// RAM: regions in ascending order that neither overlap nor touch, none empty. All ends below 2^40:
/// no core with LPAE reaches further (ARM DDI 0406C.d, B3.1), so what lies beyond is left out.
class MemoryMap {
  public:
    static constexpr std::size_t kMaxRegions = 32;
    static constexpr std::uint64_t kEnd = std::uint64_t{1} << 40;

    [[nodiscard]] std::span<const MemoryRegion> regions() const {
        return std::span(regions_).first(count_);
    }

    /// The sum of all regions, in bytes.
    [[nodiscard]] std::uint64_t total_bytes() const;

    /// Adds `region`, in any order, and joins it to what it overlaps or touches: U-Boot reports
    /// each of the eight banks of an Arndale's memory (include/configs/arndale.h). False if it
    /// reaches beyond 64 bits, or if there is no room for it; the map is then as it was.
    [[nodiscard]] bool add(MemoryRegion region);

    /// Takes `region` out, up to the end of everything if it reaches beyond 64 bits. False if there
    /// is no room for what is left of a region that it cuts in two; the map is then as it was.
    [[nodiscard]] bool remove(MemoryRegion region);

    /// The region that holds `address`.
    [[nodiscard]] std::optional<MemoryRegion> around(std::uint64_t address) const;

  private:
    [[nodiscard]] bool append(std::uint64_t begin, std::uint64_t end);

    std::array<MemoryRegion, kMaxRegions> regions_{};
    std::size_t count_ = 0;
};

/// The RAM in all memory nodes below the root that are not disabled, as Linux reads them
/// (drivers/of/fdt.c, early_init_dt_scan_memory): `linux,usable-memory` takes the place of `reg`,
/// and a node with neither names no memory. Absent if a property is not a whole number of regions,
/// if addresses or sizes do not take one or two cells, if a region reaches beyond 64 bits, or if
/// more than MemoryMap::kMaxRegions are left once those that touch are joined.
[[nodiscard]] std::optional<MemoryMap> memory(const Tree& tree);

/// Takes out of `map` what `tree` reserves: its list of reservations (Devicetree Specification
/// v0.3, 5.3), and the `reg` of each node of /reserved-memory that is not disabled (Linux,
/// Documentation/devicetree/bindings/reserved-memory/reserved-memory.txt; a node that leaves the
/// place to the reader has none). `tree_at`: where the tree itself lies. Loaders reserve that too
/// (U-Boot, boot/image-fdt.c, fdt_shrink_to_minimum in common/fdt_support.c), but a reader who has
/// copied what it needs may use it, so such an entry is passed over. False if a property cannot be
/// read, or if more pieces are left than there is room for.
[[nodiscard]] bool keep_clear(MemoryMap& map, const Tree& tree, std::uint64_t tree_at);

}  // namespace hm::fdt
