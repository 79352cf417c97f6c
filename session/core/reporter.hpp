#pragma once
// From the events and the report that a guest left behind to result records. Rows of samples and of
// plain numbers are made as the workload's row of measure/workload/table.hpp says; those of
// wake-ups and faults by the layers between their stamps.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/cpu/tlb_ram.hpp"
#include "measure/record.hpp"
#include "measure/workload/wake_up_layers.hpp"
#include "measure/workload/workload.hpp"

namespace hm::session {

class Reporter {
  public:
    /// Of the worst wake-ups of a row it writes `worst`.
    Reporter(measure::RecordWriter& records, measure::Clock clock, measure::ClockRatio ratio,
             std::size_t worst)
        : records_(records), clock_(clock), ratio_(ratio), worst_(worst) {}

    /// Writes all rows of the scenario. `events`: the bytes of the array that the guest left, of
    /// its workload's kind, at an address aligned for them; nothing if it named memory that is not
    /// its own. Returns what is wrong with the events, or an empty text.
    [[nodiscard]] std::string_view report(const measure::Facts& facts,
                                          std::optional<std::span<const std::byte>> events) const;

    /// Writes what the TLBs' RAMs held when the guest of `scenario` had ended.
    void report_tlb(const measure::Scenario& scenario, const cpu::TlbRams& rams,
                    const cpu::TlbContents& contents) const;

  private:
    void report_samples(const measure::Facts& facts, std::span<const measure::Sample> events) const;
    void report_wake_ups(const measure::Facts& facts,
                         std::span<const measure::WakeUp> events) const;
    void report_faults(const measure::Facts& facts, std::span<const measure::Fault> events) const;
    void report_stamps(const measure::Scenario& scenario,
                       std::span<const measure::WakeUp> events) const;
    void report_worst(const measure::Scenario& scenario,
                      std::span<const measure::WakeUp> events) const;
    void report_fault_stamps(const measure::Scenario& scenario,
                             std::span<const measure::Fault> events) const;
    void report_numbers(const measure::Facts& facts,
                        std::span<const measure::Number> numbers) const;
    /// Of a guest whose exits were watched, and nothing else of it.
    [[nodiscard]] std::string_view report_masking(const measure::Facts& facts) const;
    template <class Event>
    void report_layer(const measure::Scenario& scenario, const measure::Layer<Event>& layer,
                      std::span<const Event> events, std::uint32_t parts = 1) const;
    [[nodiscard]] std::string_view complaint_about_wake_ups(
        const measure::Scenario& scenario, std::span<const measure::WakeUp> events) const;
    /// Writes the row of what is in the accumulator.
    void write(const measure::Scenario& scenario, const char* layer, const char* unit,
               std::uint32_t scale = 1, const char* steps = "") const;
    [[nodiscard]] measure::ResultRecord row_of(const measure::Scenario& scenario,
                                               const char* unit) const;
    [[nodiscard]] const char* unit_name(measure::Unit unit) const;
    /// Whether instructions were counted, in HYP and below it.
    [[nodiscard]] bool counts_modes(const measure::Scenario& scenario) const;

    measure::RecordWriter& records_;
    measure::Clock clock_;
    measure::ClockRatio ratio_;
    std::size_t worst_;
};

}  // namespace hm::session
