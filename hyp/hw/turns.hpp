#pragma once
// Turns of two virtual CPUs on one core, and the HYP timer, which the watchdog and the scheduler
// share.

#include <cstdint>

#include "hyp/core/cpu.hpp"
#include "hyp/core/trap_frame.hpp"
#include "hyp/core/vcpu.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

/// Loads what governs PL1 and PL0 from HYP while `vcpu` runs.
void set_hyp_state(Vcpu& vcpu);

/// The physical distributor signals the virtual timer's interrupt where the emulated one does that
/// `vcpu` sees.
void signal_timer_interrupt(const Vcpu& vcpu);

/// Sets the HYP timer to the earliest deadline of all who use it.
void arm_timer();

/// The guest has shown progress.
void push_watchdog_away();

/// The HYP timer has fired. `time` and `cycles` are CNTPCT and PMCCNTR as the vector read them;
/// `stamps`: where stamps of the first VM's interrupts go; null: none are taken. Returns where the
/// vector leaves PMCCNTR at the end.
std::uint32_t* tick(TrapFrame& frame, std::uint64_t time, std::uint32_t cycles,
                    measure::HypStamps* stamps);

/// The guest that runs has finished, with its outcome in r0.
void finish(TrapFrame& frame);

/// It has nothing to do until its next interrupt.
void wait(TrapFrame& frame);

/// `vcpu`, which has just been turned on, shares the core with the one that runs.
void take_turns_with(Cpu& cpu, Vcpu& vcpu);

/// The one that runs has the core to itself, since the other is off.
void have_core_alone(Cpu& cpu);

/// It gives the core to the other, where there is one.
void yield(TrapFrame& frame);

}  // namespace hm::hyp
