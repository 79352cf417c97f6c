#include "session/core/reporter.hpp"

#include <algorithm>
#include <array>

#include "measure/workload/fault_layers.hpp"
#include "measure/workload/masked.hpp"
#include "measure/workload/page_fault.hpp"
#include "measure/workload/wake_up_check.hpp"
#include "measure/worst.hpp"
#include "session/core/message.hpp"

namespace hm::session {

namespace {

using measure::Clock;
using measure::EventKind;
using measure::Fault;
using measure::Layer;
using measure::Sample;
using measure::Scenario;
using measure::Unit;
using measure::WakeUp;

measure::Samples accumulator;  // large, so not on the stack

/// An emulator's PMCCNTR counts nanoseconds, and so does its counter where we start it. One that is
/// as slow as the board's whose loader runs there (24 MHz on orangepi) ticks once for many of
/// these. The host may take the core away while the two are compared, so that the same clock may
/// look a little slower.
constexpr std::uint32_t kTicksOfASlowCounter = 8;

/// Whether the instructions in PL1 and PL0 are the same in each delivery: not if the guest is busy
/// until its deadline, or if a load takes part of the counters' time.
bool has_work_of_its_own(const Scenario& scenario) {
    return scenario.load == measure::Load::kIdle && scenario.wait != measure::Wait::kSpin &&
           scenario.wait != measure::Wait::kCalls;
}

template <class Event>
std::span<const Event> as(std::span<const std::byte> bytes) {
    const void* const first = bytes.data();
    return {static_cast<const Event*>(first), bytes.size() / sizeof(Event)};
}

}  // namespace

const char* Reporter::unit_name(Unit unit) const {
    const bool per_load = unit == Unit::kTicksPerLoad;
    if (unit == Unit::kInstructions) {
        return "instructions";
    }
    switch (clock_) {
        case Clock::kInstructions:
            return per_load ? "instructions/load" : "instructions";
        case Clock::kEmulator:
            if (unit == Unit::kCounterTicks &&
                ratio_.ticks / ratio_.counter_ticks >= kTicksOfASlowCounter) {
                return "counter ticks";
            }
            return per_load ? "emulator ns/load" : "emulator ns";
        case Clock::kCounter:
            return per_load ? "counter ticks/load" : "counter ticks";
        case Clock::kCycles:
            break;
    }
    return per_load ? "cycles/load" : unit == Unit::kCounterTicks ? "counter ticks" : "cycles";
}

bool Reporter::counts_modes(const Scenario& scenario) const {
    return clock_ != Clock::kEmulator && !scenario.is_alone;
}

measure::ResultRecord Reporter::row_of(const Scenario& scenario, const char* unit) const {
    return {.workload = measure::workload_name(scenario),
            .regime = measure::regime_of(scenario),
            .stage2 = measure::stage2_of(scenario),
            .delivery = measure::delivery_of(scenario),
            .values = scenario.named_values(),
            .unit = unit};
}

void Reporter::write(const Scenario& scenario, const char* layer, const char* unit,
                     std::uint32_t scale, const char* steps) const {
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

template <class Event>
void Reporter::report_layer(const Scenario& scenario, const Layer<Event>& layer,
                            std::span<const Event> events, std::uint32_t parts) const {
    if (layer.whole) {
        parts = 1;
    }
    accumulator.clear();
    for (const Event& event : events) {
        if (layer.has(event)) {
            const std::uint64_t value = layer.value(event);
            accumulator.add(parts == 1 ? value : value * measure::kThousandths / parts);
        }
    }
    write(scenario, layer.name, unit_name(layer.unit), parts == 1 ? 1 : measure::kThousandths,
          layer.steps);
}

void Reporter::report_numbers(const measure::Facts& facts,
                              std::span<const measure::Number> numbers) const {
    for (const measure::Number& number : numbers) {
        const auto value = number.value(facts);
        if (value) {
            accumulator.clear();
            accumulator.add(*value);
            write(facts.scenario, number.layer,
                  number.unit != nullptr ? number.unit : unit_name(number.ticks), number.scale);
        }
    }
}

void Reporter::report_samples(const measure::Facts& facts, std::span<const Sample> events) const {
    const measure::Workload& workload = *facts.scenario.workload;
    const std::uint32_t parts = workload.parts != nullptr ? workload.parts(facts) : 1;
    for (const Layer<Sample>& layer : workload.layers) {
        if (layer.unit == Unit::kInstructions && !counts_modes(facts.scenario)) {
            continue;
        }
        report_layer(facts.scenario, layer, events, parts);
    }
}

void Reporter::report_worst(const Scenario& scenario, std::span<const WakeUp> events) const {
    measure::WorstEvents worst;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        worst.add(i, measure::delay_of(events[i]));
    }
    std::array<measure::WorstRecord::Part, 16> parts{};
    std::uint32_t rank = 0;
    for (const measure::WorstEvent& one :
         worst.events().first(std::min(worst_, worst.events().size()))) {
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

void Reporter::report_wake_ups(const measure::Facts& facts, std::span<const WakeUp> events) const {
    const Scenario& scenario = facts.scenario;
    if (scenario.stamps) {
        report_stamps(scenario, events);
    }
    report_layer(scenario, measure::end_to_end(), events);
    // Stamps take instructions too.
    const bool counts = !scenario.stamps && counts_modes(scenario);
    // Nor are instructions in HYP those of the interrupt where the guest calls until it comes.
    if (counts && !measure::shares_core(scenario.delivery) &&
        scenario.wait != measure::Wait::kCalls) {
        report_layer(scenario, measure::kHypInstructions<WakeUp>, events);
    }
    if (counts && has_work_of_its_own(scenario)) {
        report_layer(scenario, measure::kGuestInstructions<WakeUp>, events);
    }
}

void Reporter::report_faults(const measure::Facts& facts, std::span<const Fault> events) const {
    for (const Layer<Fault>& layer : measure::kAccessLayers) {
        // Stamps take instructions too.
        const bool counts = layer.unit == Unit::kInstructions;
        if (!counts || (!facts.scenario.stamps && counts_modes(facts.scenario))) {
            report_layer(facts.scenario, layer, events);
        }
    }
}

void Reporter::report_fault_stamps(const Scenario& scenario, std::span<const Fault> events) const {
    const auto faults = scenario.arguments.as<measure::page_fault::Arguments>().faults;
    for (std::size_t from = 0; from < measure::kLastStamp;) {
        const measure::FaultLayer layer = measure::layer_from(from, faults);
        Message name;
        name.text(measure::kFaultStampNames[from])
            .text("..")
            .text(measure::kFaultStampNames[layer.to]);
        accumulator.clear();
        for (const Fault& event : events) {
            accumulator.add(layer.value(event));
        }
        write(scenario, name.c_str(), unit_name(Unit::kTicks), 1,
              measure::step_of(layer, faults, scenario.translation.regime()));
        from = layer.to;
    }
}

std::string_view Reporter::report_masking(const measure::Facts& facts) const {
    report_numbers(facts, measure::masked::kWorkload.numbers);
    return measure::masked::kWorkload.check(facts);
}

void Reporter::report_tlb(const Scenario& scenario, const cpu::TlbRams& rams,
                          const cpu::TlbContents& contents) const {
    std::span<const cpu::TlbWords> left = std::span(contents.entries).first(contents.count);
    for (const cpu::TlbRam& ram : rams.rams) {
        for (std::uint32_t way = 0; way < rams.ways && left.size() >= ram.sets; ++way) {
            records_.tlb_way({.row = row_of(scenario, ""),
                              .ram = ram.name,
                              .way = way,
                              .first_index = ram.first_index,
                              .entries = left.first(ram.sets)});
            left = left.subspan(ram.sets);
        }
    }
}

std::string_view Reporter::complaint_about_wake_ups(const Scenario& scenario,
                                                    std::span<const WakeUp> events) const {
    measure::WakeUpRules rules{
        .delivery = scenario.delivery, .stamped = scenario.stamps, .ratio = ratio_, .tolerance = 0};
    if (clock_ == Clock::kCycles) {
        rules.tolerance = measure::tolerance_of(scenario.delivery);
    } else if (clock_ == Clock::kEmulator) {
        // The host may take the emulator's core away between two readings of a clock.
        rules.tolerance = std::nullopt;
    }
    return measure::complaint_about(events, rules);
}

std::string_view Reporter::report(const measure::Facts& facts,
                                  std::optional<std::span<const std::byte>> events) const {
    const Scenario& scenario = facts.scenario;
    const measure::Workload& workload = *scenario.workload;
    if (!events || events->size() != std::size_t{scenario.events} * event_bytes(workload.events)) {
        return "the guest did not leave as many events as were asked for";
    }
    if (const auto complaint = workload.check != nullptr ? workload.check(facts) : "";
        !complaint.empty()) {
        return complaint;
    }
    if (scenario.masking_is_watched) {
        return report_masking(facts);
    }
    if (scenario.reads_tlb_rams) {
        return {};
    }
    switch (workload.events) {
        case EventKind::kNone:
            break;
        case EventKind::kSample:
            report_samples(facts, as<Sample>(*events));
            break;
        case EventKind::kWakeUp:
            report_wake_ups(facts, as<WakeUp>(*events));
            break;
        case EventKind::kFault:
            report_faults(facts, as<Fault>(*events));
            break;
    }
    report_numbers(facts, workload.numbers);
    if (workload.events == EventKind::kWakeUp) {
        report_worst(scenario, as<WakeUp>(*events));
        return complaint_about_wake_ups(scenario, as<WakeUp>(*events));
    }
    if (workload.events == EventKind::kFault && scenario.stamps) {
        report_fault_stamps(scenario, as<Fault>(*events));
        return measure::complaint_about(
            as<Fault>(*events), scenario.arguments.as<measure::page_fault::Arguments>().faults);
    }
    return {};
}

}  // namespace hm::session
