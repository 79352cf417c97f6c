#pragma once
// How a guest stopped, and what it cost until then: plain data that the monitor hands back.

#include <array>
#include <cstdint>

#include "hyp/core/guest_exception.hpp"
#include "hyp/core/syndrome.hpp"
#include "measure/costs.hpp"

namespace hm::hyp {

/// Why the guest no longer runs.
enum class StopReason : std::uint32_t {
    kFinished = 1,  ///< it called Hypercall::kFinish
    kWatchdog,      ///< no progress in time
    kTrap,          ///< it did something that the monitor does not serve: see the syndrome
    kBudget,        ///< it ran for too long in all
    kPoweredOff,    ///< it turned its machine off by PSCI
    kReset,         ///< it asked by PSCI for a reset, which no VM gets
};

/// Of kTrap: why the monitor did not serve it.
enum class Refusal : std::uint32_t {
    kNotServed,    ///< the syndrome says all
    kUndescribed,  ///< a device's access that the syndrome does not describe (ISV = 0)
    kBigEndian,    ///< a device's access with CPSR.E set
    kNoVectors,    ///< an abort whose vector lies in the page that cannot be fetched
};

using measure::Costs;

/// An exception that a guest took to HYP, as HYP's registers describe it.
struct Trap {
    Hsr hsr{};
    std::uint32_t far = 0;  ///< HDFAR or HIFAR
    Hpfar hpfar{};
    std::uint32_t pc = 0;
};

/// The last exception that the monitor gave to a guest, and the trap that it answered.
struct GivenException {
    std::uint32_t count = 0;  ///< of all that it gave, to either VM
    std::uint32_t vm = 0;
    GuestException exception = GuestException::kUndefined;
    Trap trap{};
};

/// How a guest stopped. Refusal, trap and arguments hold for kTrap; the trap's pc always does.
struct Stop {
    StopReason reason;
    std::uint32_t outcome;  ///< what the guest passed with kFinished
    std::uint32_t vm;       ///< which VM stopped: 0, or 1 for the companion
    Trap trap{};
    Costs costs;  ///< of the first VM, whichever VM stopped
    Refusal refusal = Refusal::kNotServed;
    std::array<std::uint32_t, 4> arguments{};  ///< r0 to r3
    GivenException given{};
};

}  // namespace hm::hyp
