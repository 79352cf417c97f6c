#pragma once
// Virtual CPUs that have a core each. The first core's may be alone: then there is nobody to join.

#include "hyp/core/cpu.hpp"
#include "hyp/hw/this_cpu.hpp"

namespace hm::hyp {

/// Loads the interrupts of the virtual CPU that this core is about to enter. From here on others of
/// its VM can kick it.
void join(Cpu& cpu);

/// Enters the virtual CPU of the first core, again and again where it turns itself off, until its
/// VM has stopped.
[[nodiscard]] Left run_first_vcpu(Cpu& cpu);

/// The VM that runs on `cpu` has stopped: so do its other virtual CPUs. Natively interrupts are the
/// guest's, and each core looks for itself (hyp/hw/turns.cpp).
void end_others(const Cpu& cpu);

/// Until the other cores have left their guests, and are clear.
void wait_for_others(const Cpu& cpu);

/// The core of `vcpu`, whose state is complete, enters it. The VM's lock is held.
void run_on_own_core(Vcpu& vcpu);

}  // namespace hm::hyp
