#pragma once
// What the builder's operations do to single entries, and their results.

#include <cstdint>
#include <optional>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/slices.hpp"

namespace hm::mmu {

enum class [[nodiscard]] Status : std::uint8_t{
    kOk,
    kMisaligned,   ///< An address or length is not a multiple of 4 KB, or of the forced size.
    kOutOfRange,   ///< Beyond the input's or the output's space, or a size that the format lacks.
    kOverlap,      ///< A page of the range to map is mapped already.
    kNotMapped,    ///< A page of the range to change is not mapped.
    kOutOfFrames,  ///< Fewer frames are free than the new tables need.
};

/// Where a range goes, and how.
template <class Output, class Descriptor>
struct Placement {
    std::uint64_t distance;  ///< Output minus input, modulo 2^64.
    Descriptor attributes;   ///< As in a page.
    std::optional<Size> forced;

    /// Whether one leaf of `size` may map the whole `slice`.
    [[nodiscard]] constexpr bool fits(const Slice& slice, Size size) const {
        return slice.whole && is_aligned(slice.span.begin + distance, size) &&
               forced.value_or(size) == size;
    }
    /// The leaf of `level` that begins at input `begin`.
    [[nodiscard]] constexpr Descriptor leaf(std::uint64_t begin, unsigned level) const {
        return attributes.leaf(Output{begin + distance}, level);
    }
};

/// What `unmap` and `protect` turn a leaf into.
template <class Output, class Descriptor>
struct Change {
    bool removes;
    Descriptor attributes;  ///< As in a page.

    [[nodiscard]] constexpr Descriptor of(Descriptor leaf, unsigned level) const {
        return removes ? Descriptor{} : attributes.leaf(leaf.template output<Output>(level), level);
    }
};

}  // namespace hm::mmu
