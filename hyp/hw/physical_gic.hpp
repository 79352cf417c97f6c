#pragma once
// The physical GIC: set up once, handed over to a guest, and taken back.

#include "hyp/core/cpu.hpp"
#include "hyp/core/gic_state.hpp"

namespace hm::hyp {

/// The SGI by which one core of the monitor interrupts another, in HYP.
inline constexpr gic::IntId kKick = 7;

/// Says in `cpu` how the HYP timer's interrupt comes and which list registers there are, and clears
/// it. `owns_group0`: Secure state has left Group 0 to the HYP timer.
void start_gic(Cpu& cpu, bool owns_group0);

/// Writes every register of distributor, CPU interface and virtual interface that a guest can
/// reach, in whatever regime: nothing of a guest is left in them (hyp/core/gic_state.hpp). `which`:
/// of the distributor, these interrupts.
void clear_gic(const Cpu& cpu, Interrupts which);

/// The same of this core only: its interfaces, and its private interrupts. The distributor stays on
/// for others.
void clear_gic_of_core(const Cpu& cpu);

/// Lets the HYP timer's interrupt through, in a GIC that is clear.
void signal_hyp_timer();

/// Gives the guest that `cpu` is about to run its part of a GIC that is clear.
void hand_over_gic(const Cpu& cpu);

}  // namespace hm::hyp
