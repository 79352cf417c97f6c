#pragma once
// The values of HYP's control registers with which a guest is entered, whole and by name. Natively
// they trap nothing that the guest uses; only the watchdog's FIQ and SMC still come to HYP. Also
// the state that PL1 and PL0 find.

#include <cstdint>

#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/core/vcpu_state.hpp"
#include "hyp/core/vgic.hpp"
#include "hyp/core/vm_config.hpp"

namespace hm::hyp {

struct EntryControls {
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

/// Stage 2 on, its walks protected from device memory, FIQ and asynchronous aborts to HYP; what
/// would let the guest reach beyond its virtual machine is trapped: set/way maintenance (also
/// turned into clean and invalidate), implementation-defined registers, ACTLR, SMC.
inline constexpr cpu::Hcr kGuestHcr = cpu::Hcr{}
                                          .with(cpu::Hcr::kVm, true)
                                          .with(cpu::Hcr::kSwio, true)
                                          .with(cpu::Hcr::kPtw, true)
                                          .with(cpu::Hcr::kFmo, true)
                                          .with(cpu::Hcr::kAmo, true)
                                          .with(cpu::Hcr::kTidcp, true)
                                          .with(cpu::Hcr::kTsc, true)
                                          .with(cpu::Hcr::kTac, true)
                                          .with(cpu::Hcr::kTsw, true);

/// Bits of coprocessors that do not exist are RAO/WI (ARM DDI 0406C.d, B4.1.64): all but CP10 and
/// CP11, which are VFP and NEON.
inline constexpr std::uint32_t kAbsentCoprocessors = 0x33FF;

/// `event_counters`: PMCR.N. All of them are the guest's in both worlds (HDCR.HPMN), if any are.
[[nodiscard]] constexpr EntryControls entry_controls(const VmConfig& vm,
                                                     std::uint32_t event_counters) {
    const bool guest = vm.stages != Stages::kStage1Only;
    return {
        .hcr = (guest ? kGuestHcr : kNativeHcr)
                   .with(cpu::Hcr::kImo, vm.routing != InterruptRouting::kStraight)
                   .with(cpu::Hcr::kTwi, vm.traps_wfi)
                   .with(cpu::Hcr::kDc, vm.stages == Stages::kStage2Only),
        .hdcr = cpu::Hdcr{}
                    .with(cpu::Hdcr::kTdra, guest)
                    .with(cpu::Hdcr::kTdosa, guest)
                    .with(cpu::Hdcr::kTda, guest)
                    .with(cpu::Hdcr::kTpm, !vm.has_counters)
                    .with(cpu::Hdcr::kTpmcr, !vm.has_counters)
                    .with(cpu::Hdcr::kHpmn, event_counters),
        .hcptr =
            cpu::Hcptr{}.with(cpu::Hcptr::kTta, guest).with(cpu::Hcptr::kTcp, kAbsentCoprocessors),
        // Cortex-A15's CP15 c15 space shows what is not the guest's (XSA-93). ThumbEE and Jazelle
        // have registers that two VMs would share.
        .hstr = cpu::Hstr{}
                    .with(cpu::Hstr::kT15, guest)
                    .with(cpu::Hstr::kTtee, guest)
                    .with(cpu::Hstr::kTjdbx, guest),
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

/// What the guest finds in GICC_CTLR, natively and in GICV_CTLR alike. Group 0 is the watchdog's,
/// and comes as FIQ. AckCtl lets GICC_IAR acknowledge Group 1: without Security Extensions the
/// register would answer 1022 (ARM IHI 0048B, 4.4.4).
inline constexpr gic::GiccCtlr kGuestInterface = gic::GiccCtlr{}
                                                     .with(gic::GiccCtlr::kEnableGroup0, true)
                                                     .with(gic::GiccCtlr::kAckCtl, true)
                                                     .with(gic::GiccCtlr::kFiqEn, true);

/// How the end of the guest's virtual interrupts reaches the physical ones.
[[nodiscard]] constexpr Link link_of(InterruptRouting routing) {
    return routing == InterruptRouting::kMaintained ? Link::kMaintenance : Link::kHardware;
}

/// All that a guest finds in the registers that it has to itself: each from a known value, since
/// the Non-secure copies are not reset (ARM DDI 0406C.d, B3.15.4).
[[nodiscard]] constexpr VcpuState initial_state(const VmConfig& vm) {
    VcpuState state{};
    state.pc = vm.entry;
    state.psr = kEntryPsr.raw;
    state.registers.sctlr = cpu::kResetSctlr;
    state.registers.cpacr = cpu::Cpacr{}.with(cpu::Cpacr::kCp10, 3).with(cpu::Cpacr::kCp11, 3);
    state.timer.offset = vm.time_offset;
    state.interrupts.hcr = gic::GichHcr{}.with(gic::GichHcr::kEnable, true);
    state.interrupts.vmcr = gic::GichVmcr{}
                                .with(gic::GichVmcr::kEnableGroup0, true)
                                .with(gic::GichVmcr::kAckCtl, true)
                                .with(gic::GichVmcr::kFiqEn, true);
    return state;
}

}  // namespace hm::hyp
