#pragma once
// Stretches of a guest's memory, with 64 bits, so that the end of one cannot wrap.

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace hm::host {

struct Stretch {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  ///< the first byte after it

    friend bool operator==(const Stretch&, const Stretch&) = default;
};

[[nodiscard]] constexpr bool contains(const Stretch& outer, const Stretch& inner) {
    return outer.begin <= inner.begin && inner.end <= outer.end;
}
[[nodiscard]] constexpr bool overlap(const Stretch& one, const Stretch& other) {
    return one.begin < other.end && other.begin < one.end;
}

/// "0x40000000 to 0x4fffffff".
[[nodiscard]] inline std::string text_of(const Stretch& stretch) {
    return fmt::format("{:#010x} to {:#010x}", stretch.begin, stretch.end - 1);
}

}  // namespace hm::host
