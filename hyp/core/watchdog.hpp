#pragma once
// Ends a guest that shows no progress for too long. Plain state: the caller says what time it is.

#include <algorithm>
#include <cstdint>

#include "hyp/core/time.hpp"

namespace hm::hyp {

class Watchdog {
  public:
    /// Never expires.
    constexpr Watchdog() = default;

    /// `patience`: ticks that a guest may run without a checkpoint, at most kLongest. `now` is
    /// before kEndOfTime, here and below.
    constexpr Watchdog(std::uint64_t patience, std::uint64_t now)
        : patience_(std::min(patience, kLongest)), deadline_(now + patience_) {}

    /// The guest has shown progress.
    constexpr void push_away(std::uint64_t now) { deadline_ = now + patience_; }

    [[nodiscard]] constexpr std::uint64_t deadline() const { return deadline_; }
    [[nodiscard]] constexpr bool has_expired(std::uint64_t now) const { return now >= deadline_; }

  private:
    std::uint64_t patience_ = 0;
    std::uint64_t deadline_ = kNever;
};

}  // namespace hm::hyp
