#pragma once
// One run: the plan, each scenario in a fresh guest, the records.

#include "measure/request.hpp"
#include "session/core/platform.hpp"

namespace hm::session {

/// Runs what `request` asks for and writes the records.
void run_session(const measure::Request& request, const Services& services);

}  // namespace hm::session
