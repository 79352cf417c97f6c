#pragma once
// The RAMs of this core's TLBs, for the session: only Secure state can read them, so that HYP asks
// our own code in Monitor mode for each entry (reset.S).

#include "drivers/cpu/core_facts.hpp"
#include "session/core/platform.hpp"

namespace hm::boot {

/// Of a core that was entered in Secure state (`secure`) or was not.
[[nodiscard]] session::TlbReadOut tlb_read_out(const cpu::CoreFacts& core, bool secure);

}  // namespace hm::boot
