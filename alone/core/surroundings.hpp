#pragma once
// What a guest that runs by itself finds around it, as the device tree says.

#include <cstdint>
#include <optional>
#include <string_view>

#include "drivers/fdt/tree.hpp"

namespace hm::alone {

/// How firmware, or a hypervisor in its place, is called: the `method` of /psci.
enum class Conduit : std::uint8_t { kNone, kHvc, kSmc };

/// Memory from `begin` up to `end`.
struct Stretch {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    [[nodiscard]] std::uint32_t bytes() const { return end - begin; }
};

struct Surroundings {
    std::string_view machine;         ///< the root's `compatible`
    std::string_view bootargs;        ///< of /chosen
    Stretch heap;                     ///< the longest that nobody uses, below 4 GB
    std::uint32_t distributor = 0;    ///< GICD
    std::uint32_t cpu_interface = 0;  ///< GICC
    std::uint32_t timer_interrupt = 0;
    std::uint32_t uart = 0;  ///< a PL011, or what has its data and flag registers (SBSA)
    Conduit conduit = Conduit::kNone;
};

/// The UART alone, so that a guest can say what is wrong with the rest: the one that /chosen's
/// `stdout-path` names, or else the first. Nothing if there is none.
[[nodiscard]] std::optional<std::uint32_t> uart_in(const fdt::Tree& tree);

struct Found {
    Surroundings surroundings{};
    std::string_view lack = {};  ///< what the tree does not say, to end a sentence with; or empty
};

/// `image` is where the guest itself lies, `tree_at` where the tree does. The texts point into the
/// tree, which may lie in the heap: they must be copied before that is used.
[[nodiscard]] Found surroundings_in(const fdt::Tree& tree, Stretch image, std::uint64_t tree_at);

}  // namespace hm::alone
