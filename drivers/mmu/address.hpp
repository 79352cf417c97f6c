#pragma once
// The three address spaces of ARMv7 virtualization, as types that do not mix.

#include <compare>
#include <cstdint>

namespace hm::mmu {

/// A byte address in the space named by `Tag`, which is `kBits` wide. Only code that translates may
/// carry `value` over to another space.
template <class Tag, unsigned kBits>
struct Address {
    static constexpr unsigned bits = kBits;
    static constexpr std::uint64_t limit = std::uint64_t{1} << kBits;

    std::uint64_t value = 0;

    friend constexpr auto operator<=>(const Address&, const Address&) = default;

    friend constexpr Address operator+(Address a, std::uint64_t bytes) { return {a.value + bytes}; }
    friend constexpr Address operator-(Address a, std::uint64_t bytes) { return {a.value - bytes}; }
    /// The distance in bytes, modulo 2^64.
    friend constexpr std::uint64_t operator-(Address a, Address b) { return a.value - b.value; }
};

/// A virtual address: what software at PL0, PL1 or in HYP mode uses.
using Va = Address<struct VaTag, 32>;
/// What stage 1 of the PL1&0 regime produces; without stage 2, the physical address.
using Ipa = Address<struct IpaTag, 40>;
/// A physical address: what the bus carries.
using Pa = Address<struct PaTag, 40>;

/// What one leaf descriptor can map: a page, a section (short descriptors) or a block (long ones).
/// The enumerators are log2 of the bytes.
enum class Size : std::uint8_t { k4K = 12, k1M = 20, k2M = 21, k1G = 30 };

[[nodiscard]] constexpr unsigned shift(Size size) { return static_cast<unsigned>(size); }

[[nodiscard]] constexpr std::uint64_t bytes(Size size) { return std::uint64_t{1} << shift(size); }

/// A frame holds one page, or one table of long descriptors.
inline constexpr std::uint64_t kFrameBytes = bytes(Size::k4K);

[[nodiscard]] constexpr bool is_aligned(std::uint64_t value, Size size) {
    return (value & (bytes(size) - 1)) == 0;
}

template <class Tag, unsigned kBits>
[[nodiscard]] constexpr bool is_aligned(Address<Tag, kBits> address, Size size) {
    return is_aligned(address.value, size);
}

template <class Tag, unsigned kBits>
[[nodiscard]] constexpr Address<Tag, kBits> align_down(Address<Tag, kBits> address, Size size) {
    return {address.value & ~(bytes(size) - 1)};
}

template <class Tag, unsigned kBits>
[[nodiscard]] constexpr Address<Tag, kBits> align_up(Address<Tag, kBits> address, Size size) {
    return align_down(address + (bytes(size) - 1), size);
}

/// `bytes` bytes from `begin` on; it may end at the top of its address space.
template <class A>
struct Range {
    A begin;
    std::uint64_t bytes = 0;

    /// The first address after the range.
    [[nodiscard]] constexpr A end() const { return begin + bytes; }
    [[nodiscard]] constexpr bool contains(A address) const {
        return address >= begin && address - begin < bytes;
    }
    /// Whether the range lies below `limit`, without wrapping around.
    [[nodiscard]] constexpr bool fits_below(std::uint64_t limit) const {
        return begin.value <= limit && bytes <= limit - begin.value;
    }

    friend constexpr bool operator==(const Range&, const Range&) = default;
};

}  // namespace hm::mmu
