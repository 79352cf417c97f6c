#pragma once
// Layers: what lies between two neighbouring stamps of one event, and what the events of a workload
// tell besides.

#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"

namespace hm::measure {

/// What a layer counts.
enum class Unit : std::uint8_t {
    kTicks,         ///< of PMCCNTR
    kCounterTicks,  ///< of CNTVCT
    kInstructions,  ///< retired
    kPeriods,
};

template <class Event>
struct Layer {
    std::string_view name;
    Unit unit;
    std::uint32_t (*value)(const Event&);
    /// Whether an event counts here; null: all do.
    bool (*applies)(const Event&) = nullptr;
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

/// The layers of a wake-up, in order. `through_hyp`: HYP took the interrupt and left its stamps.
[[nodiscard]] std::span<const Layer<WakeUp>> stamped_layers(bool through_hyp);
/// What is left of a wake-up without stamps: end to end, and the instructions it took.
[[nodiscard]] std::span<const Layer<WakeUp>> unstamped_layers();
/// What a sample of `task` tells. The ticks of a chase are those of a whole lap.
[[nodiscard]] std::span<const Layer<Sample>> layers_of(Task task);

/// By how much the application's own delay differs from the sum of the layers, in ticks of a clock
/// that counts both alike. Zero where nothing was lost between two stamps.
[[nodiscard]] constexpr std::uint32_t unattributed(const WakeUp& event, bool through_hyp) {
    const std::uint32_t first_count = through_hyp ? event.hyp.vector_count : event.vector_count;
    const std::uint32_t first = through_hyp ? event.hyp.vector : event.vector;
    return (event.application_count - first_count) - (event.application - first);
}

}  // namespace hm::measure
