#pragma once
// Exceptions that the monitor gives to a guest: the state in which PL1 finds itself, as the core
// itself would have made it.

#include <cstdint>
#include <optional>

#include "drivers/cpu/registers.hpp"
#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

enum class GuestException : std::uint8_t { kUndefined, kPrefetchAbort, kDataAbort };

/// What decides how a guest takes an exception.
struct ExceptionContext {
    std::uint32_t pc = 0;  ///< of the instruction that is at fault
    cpu::Psr psr{};        ///< before it
    cpu::Sctlr sctlr{};
    cpu::Vbar vbar{};
};

/// The guest after it. SPSR of the new mode gets the old PSR.
struct ExceptionEntry {
    std::uint32_t pc = 0;
    cpu::Psr psr{};
    std::uint32_t lr = 0;  ///< of the new mode
};

/// ARM DDI 0406C.d, B1.8.3 and the pseudocode of B1.9.2 (undefined instruction), B1.9.7 (prefetch
/// abort) and B1.9.8 (data abort).
[[nodiscard]] ExceptionEntry entry_of(GuestException exception, const ExceptionContext& before);

/// What PL1 finds in its fault status register.
enum class GuestFault : std::uint8_t { kAlignment, kExternal, kExternalOnWalk };

/// The fault that a guest sees where stage 2 refused an access; nothing where the machine or the
/// monitor is at fault, not the guest. What stage 2 does not map is nothing to the guest, and what
/// it does not allow has no reason in the guest's tables: both are an external abort, as of a bus.
[[nodiscard]] std::optional<GuestFault> fault_for(Hsr hsr);

/// DFSR or IFSR (B4.1.52, B4.1.96; codes: B3.13.3). `long_format`: TTBCR.EAE. HSR does not say at
/// which level of stage 1 a walk was refused; the first is named.
[[nodiscard]] std::uint32_t fault_status(GuestFault fault, Hsr hsr, bool long_format);

/// Cache maintenance by an address where the guest has nothing: no line of it can be cached.
[[nodiscard]] constexpr bool is_idle_maintenance(Hsr hsr) {
    const auto abort = AbortSyndrome::from(hsr.raw);
    return hsr.get(Hsr::kEc) == ExceptionClass::kDataAbortLower &&
           is_stage2_fault(hsr, FaultKind::kTranslation) && abort.get(AbortSyndrome::kCm) &&
           !abort.get(AbortSyndrome::kS1Ptw);
}

}  // namespace hm::hyp
