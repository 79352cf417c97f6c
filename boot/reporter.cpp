#include "boot/reporter.hpp"

#include <algorithm>

#include "measure/wake_up_check.hpp"
#include "measure/worst.hpp"

namespace hm::boot {

namespace {

using measure::Clock;
using measure::Layer;
using measure::Sample;
using measure::Scenario;
using measure::Task;
using measure::Unit;
using measure::WakeUp;

constexpr std::uint32_t kThousandths = 1000;

measure::Samples accumulator;  // large, so not on the stack

/// Whether the instructions of PL1 and PL0 are the same in each delivery: not where the guest spins
/// until its deadline, or shares the counters' time with another.
bool has_work_of_its_own(const Scenario& scenario) {
    return scenario.load == measure::Load::kIdle && scenario.wait != measure::Wait::kSpin;
}

/// Whether a second VM counts its rounds of work.
bool works(measure::Load load) {
    return load == measure::Load::kVmCompute || load == measure::Load::kVmFault ||
           load == measure::Load::kVmHypercall || load == measure::Load::kAll;
}

/// How many equal parts of a sample's ticks are told: loads of a lap, switches of a round trip.
std::uint32_t parts_of(const Scenario& scenario, const measure::GuestReport& report) {
    const bool switches =
        scenario.task == Task::kHypercall && measure::shares_core(scenario.delivery);
    return scenario.task == Task::kChase ? std::max<std::uint32_t>(report.loads, 1)
           : switches                    ? 2U
                                         : 1U;
}

}  // namespace

std::string_view Reporter::unit_name(Unit unit) const {
    switch (unit) {
        case Unit::kInstructions:
            return "instructions";
        case Unit::kPeriods:
            return "periods";
        case Unit::kCounterTicks:
        case Unit::kTicks:
            break;
    }
    switch (clock_) {
        case Clock::kInstructions:
            return "instructions";
        case Clock::kEmulator:
            return "emulator ns";
        case Clock::kCycles:
            break;
    }
    return unit == Unit::kCounterTicks ? "counter ticks" : "cycles";
}

measure::ResultRecord Reporter::row_of(const Scenario& scenario, std::string_view unit) const {
    return {.workload = scenario.workload,
            .regime = measure::regime_of(scenario.delivery),
            .delivery = name_of(scenario.delivery),
            .parameters = scenario.named_parameters(),
            .unit = unit};
}

void Reporter::write(const Scenario& scenario, std::string_view layer, std::string_view unit,
                     std::uint32_t scale, std::string_view steps) const {
    if (accumulator.count() == 0) {
        return;
    }
    measure::ResultRecord row = row_of(scenario, unit);
    row.layer = layer;
    row.steps = steps;
    row.scale = scale;
    row.summary = accumulator.summary();
    records_.result(row);
}

void Reporter::report_number(const Scenario& scenario, std::string_view layer,
                             std::string_view unit, std::uint64_t value,
                             std::uint32_t scale) const {
    accumulator.clear();
    accumulator.add(value);
    write(scenario, layer, unit, scale);
}

template <class Event>
void Reporter::report_layer(const Scenario& scenario, const Layer<Event>& layer,
                            std::span<const Event> events, std::uint32_t part_of) const {
    accumulator.clear();
    for (const Event& event : events) {
        if (layer.has(event)) {
            const std::uint64_t value = layer.value(event);
            accumulator.add(part_of == 1 ? value : value * kThousandths / part_of);
        }
    }
    const bool by_load = scenario.task == Task::kChase && layer.unit == Unit::kTicks;
    const std::string_view unit = !by_load                     ? unit_name(layer.unit)
                                  : clock_ == Clock::kEmulator ? "emulator ns/load"
                                  : clock_ == Clock::kCycles   ? "cycles/load"
                                                               : "instructions/load";
    write(scenario, layer.name, unit, part_of == 1 ? 1 : kThousandths, layer.steps);
}

void Reporter::report_worst(const Scenario& scenario, std::span<const WakeUp> events) const {
    measure::WorstEvents worst;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        worst.add(i, measure::delay_of(events[i]));
    }
    std::array<measure::WorstRecord::Part, 16> parts{};
    std::uint32_t rank = 0;
    for (const measure::WorstEvent& one : worst.events()) {
        std::size_t count = 0;
        for (const Layer<WakeUp>& layer : measure::stamped_layers(scenario.delivery)) {
            if (scenario.stamps && layer.has(events[one.event])) {
                parts[count++] = {layer.name, layer.value(events[one.event])};
            }
        }
        records_.worst({.row = row_of(scenario, unit_name(Unit::kCounterTicks)),
                        .rank = ++rank,
                        .event = one.event,
                        .delay = one.delay,
                        .layers = std::span(parts).first(count)});
    }
}

void Reporter::report_stamps(const Scenario& scenario, std::span<const WakeUp> events) const {
    for (const Layer<WakeUp>& layer : measure::stamped_layers(scenario.delivery)) {
        report_layer(scenario, layer, events);
    }
    for (const Layer<WakeUp>& total : measure::stamped_totals(scenario.delivery)) {
        report_layer(scenario, total, events);
    }
    if (clock_ != Clock::kInstructions) {
        accumulator.clear();
        for (const WakeUp& event : events) {
            accumulator.add(measure::unattributed(event, scenario.delivery, ratio_));
        }
        write(scenario, "unattributed", unit_name(Unit::kCounterTicks));
    }
}

std::string_view Reporter::report_wake_ups(const Scenario& scenario, const GuestSlot& slot,
                                           const Surroundings& surroundings) const {
    const auto events = slot.events<WakeUp>();
    if (!events || events->size() != scenario.arguments[1]) {
        return "the guest did not leave as many wake-ups as were asked for";
    }
    constexpr std::uint32_t kFew = 100;
    if (slot.report().slips > events->size() / kFew + 1) {
        return "the emulator's clock slipped in more than one wake-up of a hundred";
    }
    if (scenario.stamps) {
        report_stamps(scenario, *events);
    }
    report_layer(scenario, measure::end_to_end(), *events);
    const bool counts = !scenario.stamps && clock_ != Clock::kEmulator;
    if (counts && !measure::shares_core(scenario.delivery)) {
        report_layer(scenario, measure::wake_up_hyp_instructions(), *events);
    }
    if (counts && has_work_of_its_own(scenario)) {
        report_layer(scenario, measure::wake_up_guest_instructions(), *events);
    }
    report_number(scenario, "missed-periods", unit_name(Unit::kPeriods), slot.report().missed);
    if (surroundings.companion != nullptr && works(scenario.load)) {
        constexpr std::uint64_t kMillion = 1'000'000;
        const std::uint64_t rounds = surroundings.companion->report().work;
        report_number(scenario, "other-work", "rounds per million ticks",
                      rounds * kMillion * kThousandths / surroundings.elapsed, kThousandths);
    }
    report_worst(scenario, *events);
    measure::WakeUpRules rules{
        .delivery = scenario.delivery, .stamped = scenario.stamps, .ratio = ratio_, .tolerance = 0};
    if (clock_ == Clock::kCycles) {
        rules.tolerance = measure::tolerance_of(scenario.delivery);
    } else if (clock_ == Clock::kEmulator) {
        // The host may take the emulator's core away between the readings of two clocks.
        rules.tolerance = std::nullopt;
    }
    return measure::complaint_about(*events, rules);
}

std::string_view Reporter::report(const Scenario& scenario, const GuestSlot& slot,
                                  const Surroundings& surroundings) const {
    if (scenario.task == Task::kTimer) {
        return report_wake_ups(scenario, slot, surroundings);
    }
    const auto events = slot.events<Sample>();
    if (!events || events->empty()) {
        return "the guest left no samples";
    }
    const std::uint32_t parts = parts_of(scenario, slot.report());
    for (const Layer<Sample>& layer : measure::layers_of(scenario.task)) {
        if (layer.unit == Unit::kInstructions && clock_ == Clock::kEmulator) {
            continue;  // it does not count them
        }
        const bool whole = scenario.task == Task::kChase && layer.unit != Unit::kTicks;
        report_layer(scenario, layer, *events, whole ? 1 : parts);
    }
    if (scenario.task == Task::kChase && slot.report().faults != 0) {
        return "the chase took page faults";
    }
    if (scenario.task == Task::kPageFault && slot.report().faults != events->size()) {
        return "the kernel did not take one fault for each sample";
    }
    return {};
}

}  // namespace hm::boot
