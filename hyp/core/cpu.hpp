#pragma once
// A physical CPU as the monitor uses it: who runs on it, and what HYP needs at each exit. All that
// an exception handler knows it reaches from here.

#include <cstdint>

#include "hyp/core/progress.hpp"
#include "hyp/core/scheduler.hpp"
#include "hyp/core/stop.hpp"
#include "hyp/core/vcpu.hpp"
#include "hyp/core/vm_config.hpp"
#include "hyp/core/watchdog.hpp"
#include "measure/guest_abi.hpp"
#include "measure/masked.hpp"

namespace hm::hyp {

/// How the interrupt of the HYP timer, which serves the watchdog and the scheduler, reaches HYP.
enum class TimerRoute : std::uint8_t {
    /// As an FIQ of Group 0, which PL1 cannot mask: the GIC has no Security Extensions, and no
    /// loader takes FIQs.
    kFiq,
    /// As an FIQ, on a GIC with Security Extensions whose Group 0 Secure state has set up: HYP
    /// cannot acknowledge it, but can make its level fall.
    kSecureFiq,
    /// As an IRQ of Group 1, where Group 0 or FIQs are Secure state's after an entry in Non-secure
    /// state. It works only while IRQs
    /// go to HYP, so that nothing watches a guest that has them for itself.
    kIrq,
};

/// Whether a guest that hangs is ended.
[[nodiscard]] constexpr bool watches(TimerRoute route, InterruptRouting routing) {
    return route != TimerRoute::kIrq || routing != InterruptRouting::kStraight;
}

/// What is called at a checkpoint that shows progress; null: nothing.
using CheckpointHandler = void (*)(std::uint32_t done, std::uint32_t of);

struct Cpu {
    // For as long as the monitor lives.
    std::uint32_t number = 0;  ///< which core, and which of the GIC's CPU interfaces
    TimerRoute timer_route = TimerRoute::kFiq;
    std::uint32_t list_registers = 0;  ///< GICH_ELRSR0 where all are empty

    // For one run of a guest.
    Vcpu* vcpu = nullptr;  ///< that runs
    Watchdog watchdog{};
    Progress progress{};  ///< of the first VM
    Scheduler scheduler{};
    CheckpointHandler on_checkpoint = nullptr;
    /// Where stamps go on the way of an interrupt, and of a demand fault; null: none are taken.
    measure::HypStamps* stamps = nullptr;
    measure::FaultStamps* fault_stamps = nullptr;
    measure::MaskedStretch longest_masked{};  ///< where the vectors watch for it
    std::uint32_t unwanted_stamp = 0;         ///< takes a stamp that nobody wants
    /// Interrupts of the virtual timer that came although it did not assert any more.
    std::uint32_t stale_interrupts = 0;
    /// The virtual CPU whose values ThumbEE's registers hold; null: nobody's, they are zero and
    /// trap.
    Vcpu* thumb_ee_of = nullptr;
    std::uint32_t stack_pointer = 0;   ///< HYP's own, while a guest runs
    std::uint64_t next_look = kNever;  ///< at the console (UartConfig::look_for_input), CNTPCT
    Stop stop{};
};

}  // namespace hm::hyp
