#pragma once
// How a guest stopped, and what it cost until then: plain data that the monitor hands back.

#include <cstdint>

#include "hyp/core/syndrome.hpp"
#include "measure/costs.hpp"

namespace hm::hyp {

/// Why the guest no longer runs.
enum class StopReason : std::uint32_t {
    kFinished = 1,  ///< it called Hypercall::kFinish
    kWatchdog,      ///< no progress in time
    kTrap,          ///< it did something that the monitor does not serve: see the syndrome
    kBudget,        ///< it ran for too long in all
};

using measure::Costs;

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
