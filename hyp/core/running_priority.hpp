#pragma once
// Which interrupt a guest that was stopped in the middle of its handler has left unended.

#include <cstdint>
#include <optional>

#include "drivers/gic/gic_layout.hpp"

namespace hm::hyp {

/// A running priority of this or above, numerically, means that there is none (ARM IHI 0048B,
/// 4.4.6): no interrupt of the lowest of five bits of priority is ever signalled (Cortex-A15
/// TRM 8.3.2, and GIC-400; 3.3 of the former).
inline constexpr std::uint32_t kNoPriority = 0xF8;

/// Of the private interrupts `active`, one bit each, the one whose acknowledgement has set the
/// running priority `running` (GICC_RPR); nothing if there is none. `priority_of(id)`: of GICD.
///
/// Only its end of interrupt may be written. That of an interrupt whose priority was dropped
/// already, and which only waits to be deactivated, is UNPREDICTABLE (4.4.5). An acknowledged
/// interrupt has a higher priority than those acknowledged before it, so it is the one of the
/// highest priority that is not above the running one, which may be that of a whole group (3.3.3).
template <class PriorityOf>
[[nodiscard]] constexpr std::optional<gic::IntId> unended(std::uint32_t active,
                                                          std::uint32_t running,
                                                          PriorityOf&& priority_of) {
    std::optional<gic::IntId> found;
    std::uint32_t priority = kNoPriority;
    for (gic::IntId id = 0; id < gic::kFirstSpi; ++id) {
        if ((active >> id & 1) == 0) {
            continue;
        }
        const std::uint32_t own = priority_of(id);
        if (own >= running && own < priority) {
            found = id;
            priority = own;
        }
    }
    return found;
}

}  // namespace hm::hyp
