#pragma once
// From the events that a guest left behind to result records.

#include <string_view>

#include "boot/guest_slot.hpp"
#include "measure/layers.hpp"
#include "measure/plan.hpp"
#include "measure/record.hpp"

namespace hm::boot {

class Reporter {
  public:
    Reporter(measure::RecordWriter& records, measure::Clock clock)
        : records_(records), clock_(clock) {}

    /// Writes all results of `scenario`; returns what is wrong with its events, or nothing.
    [[nodiscard]] std::string_view report(const measure::Scenario& scenario,
                                          const GuestSlot& slot) const;

  private:
    [[nodiscard]] std::string_view report_wake_ups(const measure::Scenario& scenario,
                                                   const GuestSlot& slot) const;
    template <class Event>
    void report_layer(const measure::Scenario& scenario, const measure::Layer<Event>& layer,
                      std::span<const Event> events, std::uint32_t loads) const;
    [[nodiscard]] std::string_view unit_name(measure::Unit unit) const;

    measure::RecordWriter& records_;
    measure::Clock clock_;
};

}  // namespace hm::boot
