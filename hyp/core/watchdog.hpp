#pragma once
// Ends a guest that shows no progress for too long, or that runs for too long whatever it shows.
// Plain state: the caller says what time it is.

#include <algorithm>
#include <cstdint>

#include "hyp/core/time.hpp"

namespace hm::hyp {

class Watchdog {
  public:
    /// Never expires.
    constexpr Watchdog() = default;

    /// `patience`: ticks that a guest may run without progress, at most kLongest. `budget`: ticks
    /// that it may run at all, at least `patience`. `now` is before kEndOfTime, here and below.
    constexpr Watchdog(std::uint64_t patience, std::uint64_t budget, std::uint64_t now)
        : patience_(std::min(patience, kLongest)),
          end_(now + std::clamp(budget, patience_, kLongest)),
          deadline_(now + patience_) {}

    /// The guest has shown progress.
    constexpr void push_away(std::uint64_t now) { deadline_ = std::min(now + patience_, end_); }

    [[nodiscard]] constexpr std::uint64_t deadline() const { return deadline_; }
    [[nodiscard]] constexpr bool has_expired(std::uint64_t now) const { return now >= deadline_; }
    /// Whether no progress can help any more: with a budget that is not longer than the patience,
    /// as soon as that is over.
    [[nodiscard]] constexpr bool is_spent(std::uint64_t now) const { return now >= end_; }

  private:
    std::uint64_t patience_ = 0;
    std::uint64_t end_ = kNever;
    std::uint64_t deadline_ = kNever;
};

}  // namespace hm::hyp
