#pragma once
// Memory events in passes: a core that has too few counters for all of them at once counts a few of
// them in each of several runs of the same guest.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "measure/guest_abi.hpp"

namespace hm::session {

/// A value for each of measure::kEventNames, or of each counter that counts one of them.
using EventCounts = std::array<std::uint32_t, measure::kEvents>;

class EventPasses {
  public:
    /// `events`: those that the machine counts, one bit each, `at_once` of them in a pass.
    constexpr EventPasses(std::uint32_t events, std::uint32_t at_once)
        : events_(at_once == 0 ? 0 : events), at_once_(at_once) {}

    /// All that are counted in one pass or another.
    [[nodiscard]] constexpr std::uint32_t events() const { return events_; }

    /// At least one, since the guest runs in any case.
    [[nodiscard]] constexpr std::uint32_t count() const {
        const auto wanted = static_cast<std::uint32_t>(std::popcount(events_));
        return wanted == 0 ? 1 : (wanted + at_once_ - 1) / at_once_;
    }

    /// The event that `counter` of those for memory events counts in `pass`; kEvents: none.
    [[nodiscard]] constexpr std::uint32_t event_of(std::uint32_t pass,
                                                   std::uint32_t counter) const {
        std::uint32_t before = pass * at_once_ + counter;
        for (std::uint32_t event = 0; counter < at_once_ && event < measure::kEvents; ++event) {
            if ((events_ >> event & 1) != 0 && before-- == 0) {
                return event;
            }
        }
        return measure::kEvents;
    }

    /// Puts what the counters counted in `pass` where it belongs.
    constexpr void sort(std::uint32_t pass, const EventCounts& by_counter,
                        EventCounts& by_event) const {
        for (std::uint32_t counter = 0; counter < by_counter.size(); ++counter) {
            if (const std::uint32_t event = event_of(pass, counter); event < measure::kEvents) {
                by_event[event] = by_counter[counter];
            }
        }
    }

  private:
    std::uint32_t events_;
    std::uint32_t at_once_;
};

inline constexpr EventPasses kNoEvents(0, 0);

}  // namespace hm::session
