#include "measure/workload/wake_up_check.hpp"

#include <algorithm>

namespace hm::measure {

namespace {

constexpr bool is_negative(std::uint32_t difference) { return difference >= 0x80000000; }

/// What is wrong with the stamps of one wake-up.
std::string_view complaint_about_stamps(const WakeUp& event, const WakeUpRules& rules) {
    const auto layers = stamped_layers(rules.delivery);
    if (std::any_of(layers.begin(), layers.end(), [&event](const Layer<WakeUp>& layer) {
            return layer.has(event) && is_negative(layer.value(event));
        })) {
        return "a stamp is older than the one before it";
    }
    if (rules.tolerance && unattributed(event, rules.delivery, rules.ratio) > *rules.tolerance) {
        return "the layers of a wake-up do not add up to the application's own delay";
    }
    return {};
}

}  // namespace

std::string_view complaint_about(std::span<const WakeUp> events, const WakeUpRules& rules) {
    const bool counted = through_hyp(rules.delivery);
    const std::uint32_t ahead =
        events.empty() ? 0 : events.front().hyp.sequence - events.front().number;
    for (const WakeUp& event : events) {
        if (is_negative(delay_of(event))) {
            return "the application woke before its deadline";
        }
        if (!rules.stamped) {
            continue;
        }
        if (event.hyp.sequence != (counted ? event.number + ahead : 0)) {
            return counted ? "HYP injected more or fewer interrupts than there were deadlines"
                           : "HYP took an interrupt that goes straight to the guest";
        }
        if (const auto complaint = complaint_about_stamps(event, rules); !complaint.empty()) {
            return complaint;
        }
    }
    return {};
}

}  // namespace hm::measure
