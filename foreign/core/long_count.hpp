#pragma once
// A count of more than 32 bits, from a counter that has no more.

#include <cstdint>
#include <optional>

namespace hm::foreign {

/// A counter of the performance monitor at the end: it began at zero some time before the stretch
/// that is wanted, and its overflow bit was clear then (ARM DDI 0406C.d, C12.8.11).
struct LastReading {
    std::uint32_t value = 0;
    bool has_overflowed = false;  ///< once or more often
};

/// `difference`: what the stretch counted, without the bits above 32. `most`: what the counter can
/// have counted at most since it began. Nothing where it may have overflowed twice.
[[nodiscard]] constexpr std::optional<std::uint64_t> long_count(std::uint32_t difference,
                                                                const LastReading& last,
                                                                std::uint64_t most) {
    constexpr unsigned kBits = 32;
    constexpr std::uint64_t kOnce = std::uint64_t{1} << kBits;
    if (last.has_overflowed && most >= 2 * kOnce) {
        return std::nullopt;
    }
    const std::uint64_t since_it_began = last.value + (last.has_overflowed ? kOnce : 0);
    // What it counted before the stretch has fewer bits.
    return difference + ((since_it_began - difference) >> kBits << kBits);
}

}  // namespace hm::foreign
