#pragma once
// Layers: what lies between two neighbouring stamps of one event, and what the events of a workload
// tell besides.

#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/setting.hpp"

namespace hm::measure {

/// What a layer counts.
enum class Unit : std::uint8_t {
    kTicks,         ///< of PMCCNTR
    kCounterTicks,  ///< of CNTVCT
    kInstructions,  ///< retired
};

template <class Event>
struct Layer {
    const char* name;
    Unit unit;
    std::uint32_t (*value)(const Event&);
    /// Whether an event counts here; null: all do.
    bool (*applies)(const Event&) = nullptr;
    /// The steps of the paper's figure 7 that it covers; empty where it covers none.
    const char* steps = "";

    [[nodiscard]] constexpr bool has(const Event& event) const {
        return applies == nullptr || applies(event);
    }
};

/// Instructions that an event took in HYP, and in PL1 and PL0.
template <class Event>
[[nodiscard]] constexpr std::uint32_t hyp_instructions(const Event& event) {
    return event.all_instructions - event.guest_instructions;
}
template <class Event>
[[nodiscard]] constexpr std::uint32_t guest_instructions(const Event& event) {
    return event.guest_instructions;
}

/// Whether the guest did not run when the deadline of this wake-up passed.
[[nodiscard]] constexpr bool is_deferred(const WakeUp& event) {
    return event.hyp.sequence != 0 && event.hyp.deferred == event.hyp.sequence;
}

/// From a deadline to the application that waited for it.
[[nodiscard]] constexpr std::uint32_t delay_of(const WakeUp& event) {
    return event.application_count - event.deadline_count;
}

/// The layers of a stamped wake-up, in order, each beginning where the one before ends. Those that
/// apply to an event add up to its delay.
[[nodiscard]] std::span<const Layer<WakeUp>> stamped_layers(Delivery delivery);
/// What is told besides of a stamped wake-up, and is no part of that sum.
[[nodiscard]] std::span<const Layer<WakeUp>> stamped_totals(Delivery delivery);
/// The whole delay, with stamps and without.
[[nodiscard]] const Layer<WakeUp>& end_to_end();
/// What else is told of a wake-up without stamps: the instructions it took in HYP, and in PL1 and
/// PL0.
[[nodiscard]] const Layer<WakeUp>& wake_up_hyp_instructions();
[[nodiscard]] const Layer<WakeUp>& wake_up_guest_instructions();
/// What an access of the page-fault loop tells without its stamps (measure/fault_layers.hpp).
[[nodiscard]] std::span<const Layer<Fault>> fault_layers();
/// What a sample of any other task tells: where that is plain, ticks without a name and the
/// instructions of whatever took them. The ticks of a chase are those of a whole lap.
[[nodiscard]] std::span<const Layer<Sample>> layers_of(Task task);

/// The layers of one wake-up added up, apart by the clock that measured them.
struct LayerSum {
    std::uint32_t counter_ticks = 0;  ///< of CNTVCT
    std::uint32_t ticks = 0;          ///< of PMCCNTR
};
[[nodiscard]] LayerSum sum_of_layers(const WakeUp& event, Delivery delivery);

/// How many ticks of PMCCNTR passed in how many of CNTVCT, as measured.
struct ClockRatio {
    std::uint32_t ticks = 1;
    std::uint32_t counter_ticks = 1;
};

/// By how many ticks of CNTVCT the application's own delay differs from the sum of the layers, more
/// or less. Zero where both clocks tick alike and nothing was lost between two stamps; else up to
/// one tick of CNTVCT for each layer that it measures, and one for the conversion.
[[nodiscard]] std::uint32_t unattributed(const WakeUp& event, Delivery delivery,
                                         const ClockRatio& ratio);

}  // namespace hm::measure
