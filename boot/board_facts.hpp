#pragma once
// The words in which a board.hpp tells what kind of board it is.

#include <cstdint>

namespace hm::board {

/// How the second core is held until it is wanted.
enum class CoreStart : std::uint8_t {
    kPsci,    ///< firmware starts it (ARM DEN 0022D.b)
    kPen,     ///< it enters the image with the first core, and waits in reset.S
    kExynos,  ///< by a word in SYSRAM and an interrupt; then in reset.S too
};

/// Registers that HYP maps for itself.
struct Device {
    std::uint32_t base, bytes;
};

/// Memory of a machine that gives no device tree.
struct KnownRam {
    std::uint64_t base, bytes;
};

}  // namespace hm::board
