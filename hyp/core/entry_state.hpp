#pragma once
// The values of HYP's control registers with which a guest is entered, whole and by name. Natively
// they trap nothing that the guest uses; the watchdog's FIQ and SMC alone still come to HYP.

#include <cstdint>

#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/core/virtual_machine.hpp"

namespace hm::hyp {

struct EntryState {
    cpu::Hcr hcr;
    cpu::Hdcr hdcr;
    cpu::Hcptr hcptr;
    cpu::Hstr hstr;
    cpu::Cnthctl cnthctl;
};

/// SMC must never reach a monitor that firmware left behind in ordinary memory. FIQ is the
/// watchdog.
inline constexpr cpu::Hcr kNativeHcr =
    cpu::Hcr{}.with(cpu::Hcr::kTsc, true).with(cpu::Hcr::kFmo, true);

/// Stage 2 on, its walks protected from device memory, interrupts and asynchronous aborts to HYP;
/// what would let the guest reach beyond its virtual machine is trapped: set/way maintenance (also
/// turned into clean and invalidate), implementation-defined registers, ACTLR, SMC.
inline constexpr cpu::Hcr kInjectedHcr = cpu::Hcr{}
                                             .with(cpu::Hcr::kVm, true)
                                             .with(cpu::Hcr::kSwio, true)
                                             .with(cpu::Hcr::kPtw, true)
                                             .with(cpu::Hcr::kFmo, true)
                                             .with(cpu::Hcr::kImo, true)
                                             .with(cpu::Hcr::kAmo, true)
                                             .with(cpu::Hcr::kTidcp, true)
                                             .with(cpu::Hcr::kTsc, true)
                                             .with(cpu::Hcr::kTac, true)
                                             .with(cpu::Hcr::kTsw, true);

/// Bits of coprocessors that do not exist are RAO/WI (ARM DDI 0406C.d, B4.1.64): all but CP10 and
/// CP11, which are VFP and NEON.
inline constexpr std::uint32_t kAbsentCoprocessors = 0x33FF;

/// `event_counters`: PMCR.N. All of them are the guest's in both worlds (HDCR.HPMN).
[[nodiscard]] constexpr EntryState entry_state(Regime regime, Delivery delivery,
                                               std::uint32_t event_counters) {
    const bool guest = regime != Regime::kNative;
    return {
        .hcr = delivery == Delivery::kNative ? kNativeHcr : kInjectedHcr,
        .hdcr = cpu::Hdcr{}
                    .with(cpu::Hdcr::kTdra, guest)
                    .with(cpu::Hdcr::kTdosa, guest)
                    .with(cpu::Hdcr::kTda, guest)
                    .with(cpu::Hdcr::kHpmn, event_counters),
        .hcptr =
            cpu::Hcptr{}.with(cpu::Hcptr::kTta, guest).with(cpu::Hcptr::kTcp, kAbsentCoprocessors),
        // Cortex-A15's CP15 c15 space shows what is not the guest's (XSA-93).
        .hstr = cpu::Hstr{}.with(cpu::Hstr::kT15, guest),
        .cnthctl =
            cpu::Cnthctl{}.with(cpu::Cnthctl::kPl1pcten, true).with(cpu::Cnthctl::kPl1pcen, !guest),
    };
}

/// A guest starts as a core leaves reset: in SVC mode, with everything masked.
inline constexpr cpu::Psr kEntryPsr = cpu::Psr{}
                                          .with(cpu::Psr::kA, true)
                                          .with(cpu::Psr::kI, true)
                                          .with(cpu::Psr::kF, true)
                                          .with(cpu::Psr::kMode, cpu::Mode::kSvc);

}  // namespace hm::hyp
