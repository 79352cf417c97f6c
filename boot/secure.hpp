#pragma once
// What is left of the Secure state in which a loader may have entered the image.

#include <cstdint>

namespace hm::boot {

/// Whether this core came in Secure state, and Group 0 of the GIC is set up for HYP.
[[nodiscard]] bool entered_in_secure_state();

/// Says why no HYP is to be had from the state in CPSR `cpsr`, and ends the machine.
extern "C" [[noreturn]] void boot_refuse(std::uint32_t cpsr);

}  // namespace hm::boot
