#pragma once
// What a guest cost as a whole, as the monitor counted it.

#include <cstdint>

#include "measure/masked.hpp"

namespace hm::measure {

/// Counted from the call that asked for the guest.
struct Costs {
    std::uint32_t prepare_ticks;       ///< PMCCNTR, while its stage 2 was built
    std::uint32_t ticks;               ///< PMCCNTR, from its entry until it stopped
    std::uint64_t elapsed;             ///< ticks of CNTPCT, from its entry until it stopped
    std::uint32_t all_instructions;    ///< retired from its entry until it stopped
    std::uint32_t guest_instructions;  ///< of those, in PL1 and PL0
    std::uint32_t demand_faults;       ///< faults of stage 2 that were served
    std::uint32_t table_bytes;         ///< size of its stage-2 tables when it stopped
    MaskedStretch masked{};            ///< the longest, where it is watched
    /// Interrupts that the monitor took from a timer that asserted none any more.
    std::uint32_t stale_interrupts = 0;
};

}  // namespace hm::measure
