#pragma once
// CRC-32 as Ethernet, gzip and zlib use it (IEEE 802.3: polynomial 0x04c11db7, bits reflected).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hm::measure {

/// What four bits do to the remainder: entry `i` is `i` divided bit by bit, low bit first. Tables
/// of whole bytes are twice as fast, but sixteen times as large.
inline constexpr std::array<std::uint32_t, 16> kCrc32Table = [] {
    constexpr std::uint32_t kReflectedPolynomial = 0xedb88320;
    std::array<std::uint32_t, 16> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t remainder = i;
        for (int bit = 0; bit < 4; ++bit) {
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kReflectedPolynomial : 0);
        }
        table[i] = remainder;
    }
    return table;
}();

/// A CRC-32 that grows as bytes arrive; equal to the CRC-32 of all of them at once.
class Crc32 {
  public:
    /// Inlined even in code that is optimised for size: most of what a run prints goes through it.
    [[gnu::always_inline]] constexpr void add(std::byte byte) {
        remainder_ ^= std::to_integer<std::uint32_t>(byte);
        remainder_ = (remainder_ >> 4) ^ kCrc32Table[remainder_ & 0xf];
        remainder_ = (remainder_ >> 4) ^ kCrc32Table[remainder_ & 0xf];
    }

    void add(std::span<const std::byte> bytes);

    /// The CRC-32 of the bytes so far; more may follow.
    [[nodiscard]] constexpr std::uint32_t value() const { return ~remainder_; }

  private:
    std::uint32_t remainder_ = 0xffffffff;
};

/// The CRC-32 of `bytes`; 0 for none.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace hm::measure
