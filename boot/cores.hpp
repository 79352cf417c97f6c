#pragma once
// Finding out about the second core, starting it and ending it. While it does not run, firmware
// holds it, or the pen of reset.S, or it has never had power.

#include <cstdint>
#include <optional>

namespace hm::boot::cores {

enum class Claim : std::uint8_t {
    kDone,
    kDidNotCome,   ///< within two seconds: it is where it was, in memory that must stay as it is
    kStaysOff,     ///< nothing can start it
    kNotCoherent,  ///< it is in the pen, but takes no part in coherency, and cannot be used
};

/// Brings a second core that firmware does not hold into the pen, before the memory of the code
/// that held it is used for something else. To be called if there is a second core, when HYP's
/// tables are complete.
[[nodiscard]] Claim claim();

/// Whether the second core is really off when it has run, and does not wait in the pen's loop.
[[nodiscard]] bool goes_off();

/// What the second core has read from ACTLR when it last began; nothing if it has not begun yet.
[[nodiscard]] std::optional<std::uint32_t> actlr_of_second_core();

/// What the second core does first, with its caches off: tells how its ACTLR reads. If it takes no
/// part in coherency, it goes back into the pen.
void report_coherency();

/// Whether the second core, which must exist, is off: neither running nor about to run.
[[nodiscard]] bool is_off();

/// Starts it at second_core_entry; it must be off. False if that is refused.
[[nodiscard]] bool turn_on();

/// Turns off the core that runs this, the second one. Returns only if that is refused.
void turn_off_this_core();

}  // namespace hm::boot::cores
