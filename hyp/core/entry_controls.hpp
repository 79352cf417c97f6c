#pragma once
// The values of HYP's control registers while a guest runs, and what PL1 and PL0 find in theirs at
// entry. In a native run nothing that the guest uses traps: only SMC and the watchdog's FIQ go to
// HYP.

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

/// SMC must never reach firmware's monitor, which may lie in ordinary memory. FIQ is the
/// watchdog's.
inline constexpr cpu::Hcr kNativeHcr =
    cpu::Hcr{}.with(cpu::Hcr::kTsc, true).with(cpu::Hcr::kFmo, true);

/// Stage 2 is on and its walks must not use device memory; FIQ and asynchronous aborts go to HYP.
/// What would let the guest reach out of its virtual machine traps: set/way maintenance (also
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

/// Bits of coprocessors that do not exist are RAO/WI (ARM DDI 0406C.d, B4.1.64): all except CP10
/// and CP11, which are VFP and NEON.
inline constexpr std::uint32_t kAbsentCoprocessors = 0x33FF;

/// `event_counters`: PMCR.N. The guest gets all of them, natively too (HDCR.HPMN).
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
        // Cortex-A15's CP15 c15 space shows state that is not the guest's (XSA-93). Two VMs would
        // share the registers of ThumbEE and Jazelle.
        .hstr = cpu::Hstr{}
                    .with(cpu::Hstr::kT15, guest)
                    .with(cpu::Hstr::kTtee, guest)
                    .with(cpu::Hstr::kTjdbx, guest),
        .cnthctl =
            cpu::Cnthctl{}.with(cpu::Cnthctl::kPl1pcten, true).with(cpu::Cnthctl::kPl1pcen, !guest),
    };
}

/// A guest starts like a core after reset: in SVC mode, with all exceptions masked.
inline constexpr cpu::Psr kEntryPsr = cpu::Psr{}
                                          .with(cpu::Psr::kA, true)
                                          .with(cpu::Psr::kI, true)
                                          .with(cpu::Psr::kF, true)
                                          .with(cpu::Psr::kMode, cpu::Mode::kSvc);

/// What the guest finds in GICC_CTLR, and with virtual interrupts in GICV_CTLR. Group 0 is the
/// watchdog's and comes as FIQ. AckCtl lets GICC_IAR acknowledge Group 1: without Security
/// Extensions the register would read 1022 (ARM IHI 0048B, 4.4.4).
inline constexpr gic::GiccCtlr kGuestInterface = gic::GiccCtlr{}
                                                     .with(gic::GiccCtlr::kEnableGroup0, true)
                                                     .with(gic::GiccCtlr::kAckCtl, true)
                                                     .with(gic::GiccCtlr::kFiqEn, true);

/// How the end of a virtual interrupt reaches the physical one.
[[nodiscard]] constexpr Link link_of(InterruptRouting routing) {
    return routing == InterruptRouting::kMaintained ? Link::kMaintenance : Link::kHardware;
}

/// The registers that a guest has to itself. Each gets a known value, since reset does not set the
/// Non-secure copies (ARM DDI 0406C.d, B3.15.4).
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
