#pragma once
// How the second core is asked about, started and ended, whoever holds it meanwhile: firmware, or
// the pen of reset.S.

#include <cstdint>

namespace hm::boot::cores {

/// Brings a core that something else holds into the pen, where it must be before that something's
/// memory is used. To be called once HYP's tables stand; false where the core did not come within
/// two seconds.
[[nodiscard]] bool claim();

/// Whether the second core, which the machine has, is neither running nor about to.
[[nodiscard]] bool is_off();

/// Lets it, which is off, begin at second_core_entry. False where that is refused.
[[nodiscard]] bool turn_on();

/// Ends the core that runs this, which is the second one. Returns where that is refused.
void turn_off_this_core();

}  // namespace hm::boot::cores
