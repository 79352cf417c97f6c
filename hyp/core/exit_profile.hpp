#pragma once
// How often and for how long a virtual CPU was in HYP, by reason: what a foreign guest costs. Only
// the vectors that count keep it (hyp/hw/counted_exits.hpp).

#include <array>
#include <cstddef>
#include <cstdint>

#include "drivers/gic/gic_layout.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/vm_config.hpp"

namespace hm::hyp {

/// Why a virtual CPU came to HYP.
enum class ExitReason : std::uint8_t {
    kTimer,        ///< an interrupt of its virtual timer, which HYP injects
    kMaintenance,  ///< it has ended an interrupt that HYP deactivates, or list registers ran out
    kOtherCpu,     ///< another virtual CPU has something for it, as an SGI
    kOwnDevice,    ///< an interrupt of a device of the machine that is its own
    kHypTimer,     ///< the watchdog, the end of a turn, or a look at the console
    kOtherInterrupt,
    kWait,         ///< WFI or WFE, where they trap
    kHypercall,    ///< PSCI among them
    kRegister,     ///< a register of CP14 or CP15
    kInstruction,  ///< another instruction that traps
    kDistributor,
    kUart,
    kOtherDevice,
    kDemand,  ///< the first touch of memory that is mapped on demand
    kAbort,   ///< an address that nobody owns
};

/// What each is called in a record.
inline constexpr std::array<const char*, 15> kExitReasonNames{
    "timer",       "maintenance", "other-cpu", "own-device",   "hyp-timer",
    "interrupt",   "wait",        "hypercall", "register",     "instruction",
    "distributor", "uart",        "device",    "demand-fault", "abort"};

/// Exits for one reason. Ticks are those of PMCCNTR, from the vector's first reading to its last.
struct ExitCount {
    std::uint64_t count = 0;
    std::uint64_t ticks = 0;
    std::uint32_t most = 0;  ///< ticks of the longest

    constexpr void add(std::uint32_t its_ticks) {
        ticks += its_ticks;
        most = its_ticks > most ? its_ticks : most;
    }
};

using ExitProfile = std::array<ExitCount, kExitReasonNames.size()>;

[[nodiscard]] constexpr ExitCount& of(ExitProfile& profile, ExitReason reason) {
    return profile[static_cast<std::size_t>(reason)];
}

/// Of an IRQ with this ID. `kick`: of the SGI by which one core calls another.
[[nodiscard]] ExitReason reason_of_interrupt(gic::IntId interrupt, gic::IntId kick);

/// Of a trap; `ipa`: of the access, if it is an abort.
[[nodiscard]] ExitReason reason_of_trap(Hsr hsr, mmu::Ipa ipa, const VmConfig& vm);

}  // namespace hm::hyp
