#pragma once
// How a guest stopped, and what it cost until then: plain data that the monitor hands back.

#include <cstdint>

#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

/// Why the guest no longer runs.
enum class StopReason : std::uint32_t {
    kFinished = 1,  ///< it called Hypercall::kFinish
    kWatchdog,      ///< no checkpoint in time
    kTrap,          ///< it did something that the monitor does not serve: see the syndrome
};

/// What a guest cost, counted from the call that asked for it.
struct Costs {
    std::uint32_t prepare_ticks;       ///< PMCCNTR, while its stage 2 was built
    std::uint32_t ticks;               ///< PMCCNTR, from its entry until it stopped
    std::uint32_t all_instructions;    ///< retired from its entry until it stopped
    std::uint32_t guest_instructions;  ///< of those, in PL1 and PL0
    std::uint32_t demand_faults;       ///< faults of stage 2 that were served
    std::uint32_t table_bytes;         ///< size of its stage-2 tables when it stopped
};

/// How a guest stopped. The syndrome and the fault addresses hold for kTrap, pc always.
struct Stop {
    StopReason reason;
    std::uint32_t outcome;  ///< what the guest passed with kFinished
    std::uint32_t vm;       ///< which VM stopped: 0, or 1 for the companion
    Hsr hsr;
    std::uint32_t far;  ///< HDFAR or HIFAR
    Hpfar hpfar;
    std::uint32_t pc;
    Costs costs;  ///< of the first VM, whichever VM stopped
};

}  // namespace hm::hyp
