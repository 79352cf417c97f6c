#include "boot/reporter.hpp"

namespace hm::boot {

namespace {

using measure::Layer;
using measure::Sample;
using measure::Scenario;
using measure::Task;
using measure::Unit;
using measure::WakeUp;
using measure::World;

measure::Samples accumulator;  // large, so not on the stack

/// What must hold of every single wake-up; the first thing that does not, or nothing.
std::string_view complaint_about(std::span<const WakeUp> events, bool stamped, bool through_hyp,
                                 bool exact) {
    std::uint32_t sequence = events.empty() ? 0 : events.front().hyp.sequence - through_hyp;
    for (const WakeUp& event : events) {
        if (static_cast<std::int32_t>(event.application_count - event.deadline_count) < 0) {
            return "the application woke before its deadline";
        }
        if (!stamped) {
            continue;
        }
        sequence += through_hyp ? 1 : 0;
        if (event.hyp.sequence != sequence) {
            return through_hyp ? "HYP injected more or fewer interrupts than there were deadlines"
                               : "HYP took an interrupt natively";
        }
        if (exact && measure::unattributed(event, through_hyp) != 0) {
            return "the layers of a wake-up do not add up to the application's own delay";
        }
    }
    return {};
}

}  // namespace

std::string_view Reporter::unit_name(Unit unit) const {
    switch (unit) {
        case Unit::kInstructions:
            return "instructions";
        case Unit::kCounterTicks:
            return clock_ == measure::Clock::kInstructions ? name_of(clock_) : "counter ticks";
        case Unit::kPeriods:
            return "periods";
        case Unit::kTicks:
            break;
    }
    return name_of(clock_);
}

template <class Event>
void Reporter::report_layer(const Scenario& scenario, const Layer<Event>& layer,
                            std::span<const Event> events, std::uint32_t loads) const {
    constexpr std::uint32_t kThousandths = 1000;
    const bool by_load = loads != 0 && layer.unit == Unit::kTicks;
    accumulator.clear();
    for (const Event& event : events) {
        if (layer.applies == nullptr || layer.applies(event)) {
            const std::uint64_t value = layer.value(event);
            accumulator.add(by_load ? value * kThousandths / loads : value);
        }
    }
    if (accumulator.count() == 0) {
        return;
    }
    std::string_view unit = unit_name(layer.unit);
    if (by_load) {
        unit = clock_ == measure::Clock::kInstructions ? "instructions/load" : "cycles/load";
    }
    records_.result({.workload = scenario.workload,
                     .regime = measure::regime_of(scenario.world),
                     .delivery = measure::delivery_of(scenario.world),
                     .parameters = scenario.named_parameters(),
                     .layer = layer.name,
                     .unit = unit,
                     .scale = by_load ? kThousandths : 1,
                     .summary = accumulator.summary()});
}

std::string_view Reporter::report_wake_ups(const Scenario& scenario, const GuestSlot& slot) const {
    const auto events = slot.events<WakeUp>();
    if (!events || events->size() != scenario.arguments[1]) {
        return "the guest did not leave as many wake-ups as were asked for";
    }
    const bool through_hyp = scenario.world == World::kGuest;
    const auto layers =
        scenario.stamps ? measure::stamped_layers(through_hyp) : measure::unstamped_layers();
    for (const Layer<WakeUp>& layer : layers) {
        report_layer(scenario, layer, *events, 0);
    }
    constexpr Layer<std::uint32_t> kMissed{"missed-periods", Unit::kPeriods,
                                           [](const std::uint32_t& periods) { return periods; }};
    report_layer(scenario, kMissed, std::span(&slot.report().missed, 1), 0);
    return complaint_about(*events, scenario.stamps, through_hyp,
                           clock_ == measure::Clock::kInstructions);
}

std::string_view Reporter::report(const Scenario& scenario, const GuestSlot& slot) const {
    if (scenario.task == Task::kTimer) {
        return report_wake_ups(scenario, slot);
    }
    const auto events = slot.events<Sample>();
    if (!events || events->empty()) {
        return "the guest left no samples";
    }
    const std::uint32_t loads = scenario.task == Task::kChase ? slot.report().loads : 0;
    for (const Layer<Sample>& layer : measure::layers_of(scenario.task)) {
        report_layer(scenario, layer, *events, loads);
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
