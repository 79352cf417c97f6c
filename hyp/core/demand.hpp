#pragma once
// Memory that is mapped when it is touched: which pages one fault maps.

#include <algorithm>
#include <cstdint>

#include "drivers/mmu/address.hpp"
#include "hyp/core/vm_config.hpp"

namespace hm::hyp {

/// A VM's Demand in frames of 4 KB, so that a fault compares one word.
struct DemandFrames {
    std::uint32_t first = 0;   ///< IPA
    std::uint32_t count = 0;   ///< 0: the VM has none
    std::uint32_t target = 0;  ///< PA
    std::uint32_t window = 1;
    std::uint32_t faults = 0;  ///< served so far

    /// The memory behind the page at `offset`, in pages from the first.
    [[nodiscard]] constexpr mmu::Pa target_of(std::uint32_t offset) const {
        return {std::uint64_t{target + offset} * mmu::kFrameBytes};
    }
};

[[nodiscard]] constexpr DemandFrames demand_frames(const Demand& demand) {
    const auto frame = [](std::uint64_t address) {
        return static_cast<std::uint32_t>(address / mmu::kFrameBytes);
    };
    return {.first = frame(demand.range.begin.value),
            .count = frame(demand.range.bytes),
            .target = frame(demand.target.value),
            .window = demand.window};
}

/// Pages that one fault maps, counted from the first of the range.
struct Window {
    std::uint32_t begin = 0;
    std::uint32_t pages = 0;
    friend constexpr bool operator==(const Window&, const Window&) = default;
};

/// The window in which the page at `offset` lies: shorter at the end of a range that is no multiple
/// of it.
[[nodiscard]] constexpr Window window_of(const DemandFrames& demand, std::uint32_t offset) {
    const std::uint32_t begin = offset & ~(demand.window - 1);
    return {begin, std::min(demand.window, demand.count - begin)};
}

}  // namespace hm::hyp
