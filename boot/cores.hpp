#pragma once
// Finding out about the second core, starting it and ending it. While it does not run, firmware
// holds it, or the pen of reset.S.

#include <cstdint>

namespace hm::boot::cores {

/// Brings a second core that firmware does not hold into the pen, before the memory of the code
/// that held it is used for something else. To be called if there is a second core, when HYP's
/// tables are complete. False if the core did not come within two seconds.
[[nodiscard]] bool claim();

/// Whether the second core, which must exist, is off: neither running nor about to run.
[[nodiscard]] bool is_off();

/// Starts it at second_core_entry; it must be off. False if that is refused.
[[nodiscard]] bool turn_on();

/// Turns off the core that runs this, the second one. Returns only if that is refused.
void turn_off_this_core();

}  // namespace hm::boot::cores
