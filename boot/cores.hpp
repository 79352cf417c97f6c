#pragma once
// How the second core is asked about, started and ended, whoever holds it meanwhile: firmware, or
// the pen of reset.S.

#include <cstdint>

namespace hm::boot::cores {

/// Makes sure that a second core which firmware does not hold is in the pen, out of what held it
/// before that one's memory is used. To be called where there is a second core, once HYP's tables
/// stand; false where it did not come within two seconds.
[[nodiscard]] bool claim();

/// Whether the second core, which the machine has, is neither running nor about to.
[[nodiscard]] bool is_off();

/// Lets it, which is off, begin at second_core_entry. False where that is refused.
[[nodiscard]] bool turn_on();

/// Ends the core that runs this, which is the second one. Returns where that is refused.
void turn_off_this_core();

}  // namespace hm::boot::cores
