#pragma once
// Turns of two virtual CPUs on one core, and the HYP timer, which the watchdog and the scheduler
// share.

#include <cstdint>

#include "hyp/core/cpu.hpp"
#include "hyp/core/trap_frame.hpp"
#include "hyp/core/vcpu.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

/// The physical distributor signals the virtual timer's interrupt where the emulated one does that
/// `vcpu` sees.
void signal_timer_interrupt(const Vcpu& vcpu);

/// Sets the HYP timer to the earliest deadline of all who use it.
void arm_timer();

/// The guest has shown progress.
void push_watchdog_away();

/// What a vector that stamps hands on.
struct StampedEntry {
    measure::HypStamps* stamps;  ///< where those of the first VM's interrupts go
    std::uint32_t cycles;        ///< PMCCNTR as the vector read it
};

/// The HYP timer has fired. `stamped`: null where no stamps are taken. `time`: CNTPCT as the vector
/// read it. Returns where the vector leaves PMCCNTR at the end.
std::uint32_t* tick(TrapFrame& frame, const StampedEntry* stamped, std::uint64_t time);

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
