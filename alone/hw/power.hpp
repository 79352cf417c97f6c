#pragma once
// Firmware, or a hypervisor in its place.

#include <cstdint>

#include "alone/core/surroundings.hpp"

namespace hm::alone {

/// PSCI SYSTEM_OFF; where nothing answers that, it waits for ever.
[[noreturn]] void power_off(Conduit conduit);

/// Offers HypStamps of the guest to the hypervisor (guest/abi/hypmeter_stamps.h). True if it will
/// leave stamps there.
[[nodiscard]] bool offer_stamps(bool clock_is_pmu);

/// Tells a hypervisor that leaves stamps to leave no more: they take instructions.
void refuse_stamps();

}  // namespace hm::alone
