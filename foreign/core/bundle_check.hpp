#pragma once
// Whether a bundle can be used. It was loaded from outside, so nothing in it is believed before.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/bundle.hpp"

namespace hm::foreign {

enum class BundleFault : std::uint8_t {
    kNone,
    kNoMagic,
    kTooShort,
    kTooLong,
    kBadCrc,
    kBadMemory,
    kBadCpus,
    kBadDevice,
    kBadInterrupt,
    kBadEntry,
    kBadChoice,
    kTooManyPieces,
    kBadPiece,
};

/// What is wrong with `bundle`, which lies at the beginning of `room`. Of one without a fault every
/// number is in its range: what is computed from them in 32 bits does not wrap.
[[nodiscard]] BundleFault check(const measure::Bundle& bundle, std::span<const std::byte> room);

/// In words, as the end of a sentence: "the bundle ...".
[[nodiscard]] std::string_view describe(BundleFault fault);

}  // namespace hm::foreign
