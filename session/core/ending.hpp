#pragma once
// How a scenario ended, in words.

#include "hyp/core/stop.hpp"
#include "measure/guest_abi.hpp"
#include "session/core/message.hpp"

namespace hm::session {

/// Whether the guest ended as it should; if not, `message` says why. `report` is the measured
/// guest's.
[[nodiscard]] bool ended_well(const hyp::Stop& stop, const measure::GuestReport& report,
                              Message& message);

}  // namespace hm::session
