#pragma once
// Virtual CPUs that a guest turns on and off by PSCI.

#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// Serves the PSCI call in `frame`. May not come back, or come back with another virtual CPU.
void serve_psci(TrapFrame& frame);

}  // namespace hm::hyp
