#pragma once
// Virtual CPUs that have a core of their own.

#include "hyp/core/vcpu.hpp"

namespace hm::hyp {

/// The core of `vcpu`, whose state is complete, enters it. The VM's lock is held.
void run_on_own_core(Vcpu& vcpu);

}  // namespace hm::hyp
