#pragma once
// From the events that a guest left behind to result records.

#include <string_view>

#include "hyp/core/stop.hpp"
#include "measure/layers.hpp"
#include "measure/plan.hpp"
#include "measure/record.hpp"
#include "session/hw/guest_slot.hpp"

namespace hm::session {

/// What is known of a scenario besides what the measured guest says.
struct Surroundings {
    const GuestSlot* companion = nullptr;  ///< a second VM's, where there was one
    std::uint64_t elapsed = 1;             ///< counter ticks from entry to end
    hyp::Costs costs{};
};

class Reporter {
  public:
    /// Of the worst wake-ups of a row it writes `worst`.
    Reporter(measure::RecordWriter& records, measure::Clock clock, measure::ClockRatio ratio,
             std::size_t worst)
        : records_(records), clock_(clock), ratio_(ratio), worst_(worst) {}

    /// Writes all results of `scenario`; returns what is wrong with its events, or nothing.
    [[nodiscard]] std::string_view report(const measure::Scenario& scenario, const GuestSlot& slot,
                                          const Surroundings& surroundings) const;

  private:
    [[nodiscard]] std::string_view report_wake_ups(const measure::Scenario& scenario,
                                                   const GuestSlot& slot,
                                                   const Surroundings& surroundings) const;
    [[nodiscard]] std::string_view report_faults(const measure::Scenario& scenario,
                                                 const GuestSlot& slot,
                                                 const hyp::Costs& costs) const;
    void report_boot(const measure::Scenario& scenario, const hyp::Costs& costs) const;
    void report_chase(const measure::Scenario& scenario, const measure::GuestReport& report,
                      const hyp::Costs& costs) const;
    void report_stamps(const measure::Scenario& scenario,
                       std::span<const measure::WakeUp> events) const;
    void report_worst(const measure::Scenario& scenario,
                      std::span<const measure::WakeUp> events) const;
    void report_fault_layers(const measure::Scenario& scenario,
                             std::span<const measure::Fault> events) const;
    [[nodiscard]] const char* load_unit() const;
    template <class Event>
    void report_layer(const measure::Scenario& scenario, const measure::Layer<Event>& layer,
                      std::span<const Event> events, std::uint32_t part_of = 1) const;
    /// One value under a name.
    struct Number {
        const char* layer;
        const char* unit;  ///< null: that of PMCCNTR
        std::uint32_t value;
    };
    void report_number(const measure::Scenario& scenario, const Number& number,
                       std::uint32_t scale = 1) const;
    void report_numbers(const measure::Scenario& scenario, std::span<const Number> numbers) const;
    void write(const measure::Scenario& scenario, const char* layer, const char* unit,
               std::uint32_t scale = 1, const char* steps = "") const;
    [[nodiscard]] measure::ResultRecord row_of(const measure::Scenario& scenario,
                                               const char* unit) const;
    [[nodiscard]] const char* unit_name(measure::Unit unit) const;

    measure::RecordWriter& records_;
    measure::Clock clock_;
    measure::ClockRatio ratio_;
    std::size_t worst_;
};

}  // namespace hm::session
