#pragma once
// The guest's second virtual CPU, which only answers interrupts of the first.

#include <cstdint>

namespace hm::guest {

/// Turns it on by PSCI, and comes back when it waits for interrupts. False if it cannot be turned
/// on.
[[nodiscard]] bool start_second_cpu();

/// What it has answered so far. It leaves CNTVCT as it was when the interrupt was taken, then
/// counts the answer, and sends an event.
struct Answers {
    std::uint32_t count;
    std::uint32_t taken_at;  ///< CNTVCT, low word
};
[[nodiscard]] volatile Answers& answers();

/// The interrupt that it answers, an SGI.
inline constexpr std::uint32_t kIpi = 1;

}  // namespace hm::guest
