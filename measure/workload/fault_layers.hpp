#pragma once
// The stamps of one access of the page-fault loop as layers: what lies between two neighbouring
// ones.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/layer.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::measure {

/// Names of the stamps in their order: the guest's own if stage 1 faults, the monitor's if stage 2
/// does.
inline constexpr std::array<const char*, 12> kFaultStampNames{
    "access",           "guest-vector",   "guest-handler", "guest-written",
    "guest-maintained", "guest-return",   "hyp-vector",    "hyp-handler",
    "hyp-written",      "hyp-maintained", "hyp-return",    "retired"};
inline constexpr std::size_t kFirstHypStamp = 6;
inline constexpr std::size_t kLastStamp = kFaultStampNames.size() - 1;

/// From stamp `from` to stamp `to`, numbers of kFaultStampNames.
struct FaultLayer {
    std::size_t from;
    std::size_t to;

    /// PMCCNTR ticks. Reading it after the access is no part of the last.
    [[nodiscard]] std::uint32_t value(const Fault& event) const;
};

/// What the access took, less the cost of reading PMCCNTR: the layers add up to it.
[[nodiscard]] constexpr std::uint32_t ticks_of(const Fault& event) {
    return event.retired - event.access - event.reading;
}

/// What an access gives without its stamps.
inline constexpr std::array<Layer<Fault>, 5> kAccessLayers{{
    {"prepare", Unit::kTicks, [](const Fault& fault) { return fault.prepare_ticks; }},
    {"fault", Unit::kTicks, ticks_of},
    {"total", Unit::kTicks,
     [](const Fault& fault) { return fault.prepare_ticks + ticks_of(fault); }},
    kHypInstructions<Fault>,
    kGuestInstructions<Fault>,
}};

/// The layer that begins at stamp `from`, if `faults` happen.
[[nodiscard]] FaultLayer layer_from(std::size_t from, Faults faults);

/// The step of the paper's figure 2 that a layer belongs to: "(A)" or "(B)" for a guest's stage 1,
/// natively or not, "(C)" for stage 2.
[[nodiscard]] const char* step_of(const FaultLayer& layer, Faults faults, Regime regime);

/// What is wrong with the stamps of `events`, or nothing: one fault of each kind for each access,
/// and no stamp older than the one before.
[[nodiscard]] std::string_view complaint_about(std::span<const Fault> events, Faults faults);

}  // namespace hm::measure
