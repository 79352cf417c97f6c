#pragma once
// The stamps of one wake-up as layers: what lies between two neighbouring ones.

#include <cstdint>
#include <span>

#include "measure/guest_abi.hpp"
#include "measure/layer.hpp"
#include "measure/setting.hpp"

namespace hm::measure {

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
/// More figures of a stamped wake-up, which are not part of that sum.
[[nodiscard]] std::span<const Layer<WakeUp>> stamped_totals(Delivery delivery);
/// The whole delay, with stamps and without.
[[nodiscard]] const Layer<WakeUp>& end_to_end();
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

/// By how many ticks of CNTVCT the application's own delay differs from the sum of the layers, in
/// either direction. Zero if both clocks tick alike and nothing was lost between two stamps; else
/// up to one tick for each layer that CNTVCT measures, and one for the conversion.
[[nodiscard]] std::uint32_t unattributed(const WakeUp& event, Delivery delivery,
                                         const ClockRatio& ratio);

}  // namespace hm::measure
