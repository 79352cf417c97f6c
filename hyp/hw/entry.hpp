#pragma once
// What a core holds for a guest, from entry to exit (hyp/core/core_state.hpp has the list).

#include "hyp/core/cpu.hpp"
#include "hyp/hw/counter_setup.hpp"
#include "hyp/hw/this_cpu.hpp"

namespace hm::hyp {

/// Loads all of it but the GIC for `vcpu`, which ran last on no core or on this one.
void load_core(const Vcpu& vcpu);

/// This core and its counters are as if no guest had ever been there.
void clear_core(const CounterSetup& counters);

/// What identifies a guest's CPU, and what HYP sets once on each core.
void set_identity(cpu::Mpidr mpidr);

/// Enters the virtual CPU of `cpu`, and comes back when it leaves its guest.
[[nodiscard]] Left enter(Cpu& cpu);

}  // namespace hm::hyp
