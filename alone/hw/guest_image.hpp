#pragma once
// The guest inside this image: its memory, its start, and what it leaves behind.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "alone/core/surroundings.hpp"
#include "measure/guest_abi.hpp"

namespace hm::alone {

inline constexpr std::uint32_t kGuestPageBytes = 4096;

/// Where the image lies, with all memory that it uses besides the heap.
[[nodiscard]] Stretch image_place();

/// Keeps the guest's data as they are now: before the first guest.
void keep_data();

/// CRC-32 of its code and constants as they are in the image's file, wherever it was loaded.
[[nodiscard]] std::uint32_t image_crc32();

/// Makes everything that the last guest has changed as it was, and tells the next what to do.
void prepare_guest(const measure::ParameterBlock& block, const Surroundings& here,
                   bool clock_is_pmu);

/// From its first instruction until it leaves.
[[nodiscard]] measure::Outcome run_guest_image();

[[nodiscard]] const measure::GuestReport& report_of_guest();

/// The bytes of the array that it has left; nothing if that does not lie in its memory.
[[nodiscard]] std::optional<std::span<const std::byte>> events_of_guest(
    const measure::ParameterBlock& block);

}  // namespace hm::alone
