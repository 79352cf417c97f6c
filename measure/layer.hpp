#pragma once
// A layer: one figure that each event of a workload gives, for example the time between two
// neighbouring stamps.

#include <cstdint>

namespace hm::measure {

/// What a layer counts.
enum class Unit : std::uint8_t {
    kTicks,         ///< of PMCCNTR
    kCounterTicks,  ///< of CNTVCT
    kInstructions,  ///< retired
    kTicksPerLoad,  ///< of PMCCNTR, for each load of a chain
};

template <class Event>
struct Layer {
    const char* name;
    Unit unit;
    std::uint32_t (*value)(const Event&);
    /// Whether an event counts here; null: all do.
    bool (*applies)(const Event&) = nullptr;
    /// The steps of the paper's figure 7 that it covers; empty if it covers none.
    const char* steps = "";
    /// Of the whole event, even if its workload's rows are of parts (Workload::parts).
    bool whole = false;

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

template <class Event>
inline constexpr Layer<Event> kHypInstructions{"hyp-instructions", Unit::kInstructions,
                                               hyp_instructions<Event>};
template <class Event>
inline constexpr Layer<Event> kGuestInstructions{"pl-instructions", Unit::kInstructions,
                                                 guest_instructions<Event>};

}  // namespace hm::measure
