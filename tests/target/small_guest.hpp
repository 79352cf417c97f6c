#pragma once
// What the cases with guests of a few instructions share. Such a guest lies in the monitor's image.

#include <cstdint>
#include <optional>

#include "drivers/cpu/hw/maintenance.hpp"
#include "hyp/hw/monitor.hpp"

namespace hm::target {

[[nodiscard]] inline std::uint32_t address_of(const void* object) {
    return reinterpret_cast<std::uint32_t>(object);
}

/// Memory of the image that a guest may read and execute, at its own address.
[[nodiscard]] inline hyp::MemoryRegion code_region(const void* begin, const void* end) {
    return {.range = {{address_of(begin)}, address_of(end) - address_of(begin)},
            .target = {address_of(begin)},
            .attributes = {.memory = mmu::MemoryType::kNormalWriteBack,
                           .read = true,
                           .write = false,
                           .executable = true},
            .forced = std::nullopt};
}

/// A page of the image that a guest may write, at its own address.
[[nodiscard]] inline hyp::MemoryRegion page_region(const void* page) {
    return {.range = {{address_of(page)}, mmu::kFrameBytes},
            .target = {address_of(page)},
            .attributes = hyp::kGuestMemory,
            .forced = std::nullopt};
}

/// The guest fetches its code past the caches.
inline void make_code_visible() {
    cpu::clean_invalidate_all_data();
    cpu::invalidate_instructions();
}

}  // namespace hm::target
