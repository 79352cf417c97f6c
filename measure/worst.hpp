#pragma once
// The worst events of a row: percentiles of layers do not add up, but the layers of one event do.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hm::measure {

/// An event's number in its row, and its delay.
struct WorstEvent {
    std::uint32_t event = 0;
    std::uint32_t delay = 0;
};

/// Keeps the greatest delays, the worst first; of equal ones the earlier.
class WorstEvents {
  public:
    static constexpr std::size_t kMost = 8;

    constexpr void add(std::uint32_t event, std::uint32_t delay) {
        if (count_ == kMost && delay <= events_[kMost - 1].delay) {
            return;
        }
        count_ += count_ < kMost ? 1 : 0;
        std::size_t place = count_ - 1;
        for (; place > 0 && events_[place - 1].delay < delay; --place) {
            events_[place] = events_[place - 1];
        }
        events_[place] = {event, delay};
    }

    [[nodiscard]] constexpr std::span<const WorstEvent> events() const {
        return std::span(events_).first(count_);
    }

  private:
    std::array<WorstEvent, kMost> events_{};
    std::size_t count_ = 0;
};

}  // namespace hm::measure
