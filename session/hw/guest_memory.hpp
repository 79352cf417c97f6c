#pragma once
// The memory of a guest as the monitor sees it: loads image and parameters, reads results.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "measure/guest_abi.hpp"
#include "session/core/guest_slot.hpp"
#include "session/core/platform.hpp"

namespace hm::session {

/// This machine and this image.
[[nodiscard]] Platform platform();

/// What is recorded of a guest just before it is entered.
struct Checksums {
    std::uint32_t image;
    std::uint32_t parameters;
};

/// Clears all the memory that a guest with these parameters has, so that the next one finds nothing
/// of it. The caches are cleaned when the next one is loaded.
void clear(const GuestSlot& slot, const measure::ParameterBlock& block);

/// Puts image and parameters into memory, ready to be entered with caches off, and checks them. No
/// other core may run: this cleans caches by set and way.
[[nodiscard]] Checksums load(const GuestSlot& slot, const measure::ParameterBlock& block);

[[nodiscard]] const measure::GuestReport& report_of(const GuestSlot& slot);

/// The events that the guest says it has left; nothing if they do not lie in its memory.
[[nodiscard]] std::optional<std::span<const std::byte>> events_of(
    const GuestSlot& slot, const measure::ParameterBlock& block);

}  // namespace hm::session
