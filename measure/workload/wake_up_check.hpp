#pragma once
// What must hold of every single wake-up of a row. One that does not fails the row.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/setting.hpp"
#include "measure/workload/wake_up_layers.hpp"

namespace hm::measure {

struct WakeUpRules {
    Delivery delivery = Delivery::kNative;
    bool stamped = false;
    ClockRatio ratio{};
    /// Counter ticks by which the layers of an event may differ from the application's own delay;
    /// nothing: that is not asked for.
    std::optional<std::uint32_t> tolerance = 0;
};

/// Of a machine whose two clocks tick apart: one tick for each stretch that the counter measures,
/// and one for the conversion.
[[nodiscard]] constexpr std::uint32_t tolerance_of(Delivery delivery) {
    return shares_core(delivery) ? 3 : 2;
}

/// The first thing that is wrong with `events`, or nothing: one that woke before its deadline, an
/// interrupt that was injected more or less often than there were deadlines, stamps out of order,
/// layers that do not add up.
[[nodiscard]] std::string_view complaint_about(std::span<const WakeUp> events,
                                               const WakeUpRules& rules);

}  // namespace hm::measure
