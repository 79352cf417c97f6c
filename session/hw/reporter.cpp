#include "session/hw/reporter.hpp"

#include <algorithm>

#include "measure/fault_layers.hpp"
#include "measure/wake_up_check.hpp"
#include "measure/worst.hpp"
#include "session/hw/ending.hpp"
#include "session/hw/pmu.hpp"

namespace hm::session {

namespace {

using measure::Clock;
using measure::Fault;
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

/// What the ticks of a sample are the ticks of.
const char* name_of_ticks(Task task) {
    return task == Task::kChase ? "load" : task == Task::kParity ? "round" : "call";
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

const char* Reporter::unit_name(Unit unit) const {
    switch (unit) {
        case Unit::kInstructions:
            return "instructions";
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

measure::ResultRecord Reporter::row_of(const Scenario& scenario, const char* unit) const {
    return {.workload = scenario.workload,
            .regime = name_of(scenario.translation.regime()),
            .stage2 = measure::stage2_of(scenario),
            .delivery = name_of(scenario.delivery),
            .parameters = scenario.named_parameters(),
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

void Reporter::report_number(const Scenario& scenario, const Number& number,
                             std::uint32_t scale) const {
    accumulator.clear();
    accumulator.add(number.value);
    write(scenario, number.layer, number.unit != nullptr ? number.unit : unit_name(Unit::kTicks),
          scale);
}

void Reporter::report_numbers(const Scenario& scenario, std::span<const Number> numbers) const {
    for (const Number& number : numbers) {
        report_number(scenario, number);
    }
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
    const bool plain = *layer.name == 0;
    write(scenario, plain ? name_of_ticks(scenario.task) : layer.name,
          plain && scenario.task == Task::kChase ? load_unit() : unit_name(layer.unit),
          part_of == 1 ? 1 : kThousandths, layer.steps);
}

const char* Reporter::load_unit() const {
    return clock_ == Clock::kEmulator ? "emulator ns/load"
           : clock_ == Clock::kCycles ? "cycles/load"
                                      : "instructions/load";
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

std::string_view Reporter::report_wake_ups(const Scenario& scenario, const GuestSlot& slot,
                                           const Surroundings& surroundings) const {
    const auto events = slot.events<WakeUp>();
    if (!events || events->size() != scenario.arguments[1]) {
        return "the guest did not leave as many events as were asked for";
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
    report_number(scenario, {"missed-periods", "periods", slot.report().missed});
    if (surroundings.companion != nullptr && works(scenario.load)) {
        constexpr std::uint64_t kMillion = 1'000'000;
        const std::uint64_t rounds = surroundings.companion->report().work;
        report_number(
            scenario,
            {"other-work", "rounds per million ticks",
             static_cast<std::uint32_t>(rounds * kMillion * kThousandths / surroundings.elapsed)},
            kThousandths);
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

void Reporter::report_fault_layers(const Scenario& scenario, std::span<const Fault> events) const {
    const auto faults = static_cast<measure::Faults>(scenario.arguments[4]);
    for (std::size_t from = 0; from < measure::kLastStamp;) {
        const measure::FaultLayer layer = measure::layer_from(from, faults);
        Detail name;
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

std::string_view Reporter::report_faults(const Scenario& scenario, const GuestSlot& slot,
                                         const hyp::Costs& costs) const {
    const auto events = slot.events<Fault>();
    const std::uint32_t pages = scenario.arguments[0];
    const std::uint32_t planned = pages * scenario.arguments[1];
    if (!events || events->size() != planned) {
        return "the guest did not leave as many events as were asked for";
    }
    const auto faults = static_cast<measure::Faults>(scenario.arguments[4]);
    for (const Layer<Fault>& layer : measure::fault_layers()) {
        // Stamps take instructions too.
        const bool counts = layer.unit == Unit::kInstructions;
        if (!counts || (!scenario.stamps && clock_ != Clock::kEmulator)) {
            report_layer(scenario, layer, *events);
        }
    }
    // Before the first round each page of the monitor's is touched once.
    const std::uint32_t first = measure::in_stage2(faults) ? pages : 0;
    report_number(scenario, {"stage1-faults", "faults", slot.report().faults});
    report_number(scenario, {"stage2-faults", "faults", costs.demand_faults - first});
    if (scenario.stamps) {
        report_fault_layers(scenario, *events);
        return measure::complaint_about(*events, faults);
    }
    return {};
}

void Reporter::report_boot(const Scenario& scenario, const hyp::Costs& costs) const {
    const Number numbers[] = {
        {"prepare", nullptr, costs.prepare_ticks},
        {"run", nullptr, costs.ticks},
        {"total", nullptr, costs.prepare_ticks + costs.ticks},
        {"stage2-faults", "faults", costs.demand_faults},
        {"stage2-tables", "bytes", costs.table_bytes},
        {"hyp-instructions", "instructions", costs.all_instructions - costs.guest_instructions},
    };
    // An emulator does not count instructions, and natively those of entry and end are all.
    const bool counts =
        clock_ != Clock::kEmulator && scenario.delivery != measure::Delivery::kNative;
    report_numbers(scenario, std::span(numbers).first(std::size(numbers) - (counts ? 0 : 1)));
}

void Reporter::report_chase(const Scenario& scenario, const measure::GuestReport& report,
                            const hyp::Costs& costs) const {
    const std::uint32_t lap = std::max<std::uint32_t>(report.loads, 1);
    const auto by_load = [lap](std::uint32_t value, std::uint32_t laps) {
        return static_cast<std::uint32_t>(std::uint64_t{value} * kThousandths /
                                          (std::uint64_t{lap} * laps));
    };
    const std::uint32_t loop = by_load(report.overhead, 1);
    accumulator.clear();
    accumulator.add(loop);
    write(scenario, "loop", load_unit(), kThousandths);
    for (std::uint32_t i = 0; i < measure::kEvents; ++i) {
        if ((memory_events() >> i & 1) != 0) {
            report_number(scenario,
                          {measure::kEventNames[i], "events/load",
                           by_load(report.events[i], scenario.arguments[1])},
                          kThousandths);
        }
    }
    const Number numbers[] = {
        {"stage1-faults", "faults", report.faults},
        {"stage2-faults", "faults", costs.demand_faults},
        {"stage1-tables", "bytes", report.table_bytes},
        {"stage2-tables", "bytes", costs.table_bytes},
        {"base", "address", report.base},
        {"tables-at", "address", report.tables_at},
    };
    report_numbers(scenario, numbers);
}

std::string_view Reporter::report(const Scenario& scenario, const GuestSlot& slot,
                                  const Surroundings& surroundings) const {
    switch (scenario.task) {
        case Task::kTimer:
            return report_wake_ups(scenario, slot, surroundings);
        case Task::kPageFault:
            return report_faults(scenario, slot, surroundings.costs);
        case Task::kBoot:
            report_boot(scenario, surroundings.costs);
            return {};
        default:
            break;
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
    if (scenario.task == Task::kParity) {
        report_number(scenario, {"checksum", "value", slot.report().checksum});
    }
    if (scenario.task == Task::kChase) {
        report_chase(scenario, slot.report(), surroundings.costs);
        if (slot.report().faults != 0 || surroundings.costs.demand_faults != 0) {
            return "the chase took page faults";
        }
    }
    return {};
}

}  // namespace hm::session
