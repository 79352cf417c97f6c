#pragma once
// Who has ThumbEE's registers of this core (hyp/core/thumb_ee.hpp).

#include "hyp/core/cpu.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// Nobody has them: they are zero. The caller makes them trap, by HSTR.
void clear_thumb_ee(Cpu& cpu);

/// An access to one of them trapped: the virtual CPU that runs gets them, and the instruction is
/// executed again. Where the core has none it is undefined.
void serve_thumb_ee(Hsr hsr, TrapFrame& frame);

/// The next one to run is not the one that has them.
void switch_thumb_ee(Cpu& cpu, Vcpu& next);

}  // namespace hm::hyp
