#pragma once
// The second core while the first one measures: as a load, which streams through memory and reads
// the distributor, in HYP and with interrupts masked; or for a guest that has a virtual CPU there.

#include <cstdint>

#include "drivers/cpu/core_facts.hpp"
#include "session/core/platform.hpp"

namespace hm::boot::second_core {

using Load = session::StreamLoad;

inline constexpr std::uint32_t kLineBytes = cpu::kLongestLine;

/// Whether the machine has a second core: the GIC has a CPU interface for each (ARM IHI 0048B,
/// 4.3.2). Changes nothing.
[[nodiscard]] bool exists();

/// Starts the second core, and returns after its first round: true if that came within two seconds.
/// If it did not, the core ends as soon as it does come.
///
/// A guest must be loaded before: session::load uses maintenance by set and way, which does not
/// reach the other core's lines and does not keep them from moving (ARM DDI 0406C.d, B2.2.6). It is
/// only right while that core is off. So: load, start, run the guest, stop.
[[nodiscard]] bool start(const Load& load);

/// Starts the second core for guests, and returns when it can run one: true if that came within two
/// seconds. What start() says of loading a guest holds here too.
[[nodiscard]] bool serve();

/// The rounds since the last start; wraps around.
[[nodiscard]] std::uint32_t rounds();

/// Waits for one more round; true if it came within two seconds.
[[nodiscard]] bool goes_on();

/// Ends what the core does, which is not in a guest, and turns it off; true if it was off within
/// two seconds, or before.
[[nodiscard]] bool stop();

}  // namespace hm::boot::second_core
