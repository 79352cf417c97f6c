#pragma once
// After an entry in Secure state: what it left, and what to say if HYP cannot be reached.

#include <cstdint>

namespace hm::boot {

/// Whether this core was entered in Secure state, so that Group 0 of the GIC is set up for HYP.
[[nodiscard]] bool entered_in_secure_state();

/// Prints why HYP mode cannot be entered from the state in CPSR `cpsr`, and ends the machine.
extern "C" [[noreturn]] void boot_refuse(std::uint32_t cpsr);

}  // namespace hm::boot
