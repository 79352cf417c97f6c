#pragma once
// Memory that is mapped when it is touched: which pages one fault maps, and how a guest gives them
// back.

#include <algorithm>
#include <cstdint>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/edit.hpp"
#include "hyp/core/vm_config.hpp"

namespace hm::hyp {

/// A VM's Demand in frames of 4 KB, so that a fault compares one word.
struct DemandFrames {
    std::uint32_t first = 0;   ///< IPA
    std::uint32_t count = 0;   ///< 0: the VM has none
    std::uint32_t target = 0;  ///< PA
    std::uint32_t window = 1;
    std::uint32_t faults = 0;  ///< served so far
    std::uint32_t alone = 0;   ///< `count` where a fault maps only its own page, else 0

    /// The page at `offset`, in pages from the first.
    [[nodiscard]] constexpr mmu::Ipa page_at(std::uint32_t offset) const {
        return {std::uint64_t{first + offset} * mmu::kFrameBytes};
    }
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
            .window = demand.window,
            .alone = demand.window == 1 ? frame(demand.range.bytes) : 0};
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

/// Maps only the page at `offset`.
template <class Builder>
[[nodiscard, gnu::noinline]] constexpr bool map_alone(Builder& tables, const DemandFrames& demand,
                                                      std::uint32_t offset) {
    return tables.map({demand.page_at(offset), mmu::kFrameBytes}, demand.target_of(offset),
                      kGuestMemory) == mmu::Status::kOk;
}

/// Maps the window of the page at `offset`; or only that page, where the guest has released some of
/// the window.
template <class Builder>
[[nodiscard, gnu::noinline]] constexpr bool map_window(Builder& tables, const DemandFrames& demand,
                                                       std::uint32_t offset) {
    constexpr std::uint32_t kBlockWindow = mmu::bytes(mmu::Size::k2M) / mmu::kFrameBytes;
    const Window window = window_of(demand, offset);
    const mmu::Ipa input = demand.page_at(window.begin);
    const mmu::Pa output = demand.target_of(window.begin);
    const mmu::Status status =
        window.pages == kBlockWindow
            ? tables.map({input, mmu::bytes(mmu::Size::k2M)}, output, kGuestMemory, mmu::Size::k2M)
            : tables.map_pages(input, output, window.pages, kGuestMemory);
    return status == mmu::Status::kOk || map_alone(tables, demand, offset);
}

/// Unmaps a page, so that the next touch maps it again. A block goes as a whole, as it came.
template <class Builder>
[[nodiscard]] constexpr mmu::Status release_page(Builder& tables, mmu::Ipa page) {
    const mmu::Status status = tables.unmap_page(page);
    return status == mmu::Status::kOk ? status : tables.unmap_leaf(page);
}

}  // namespace hm::hyp
