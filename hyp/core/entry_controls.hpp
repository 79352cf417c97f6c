#pragma once
// The values of HYP's control registers while a guest runs, and what PL1 and PL0 find in theirs at
// entry. In a native run nothing that the guest uses traps.

#include <cstdint>

#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/core/vcpu_state.hpp"
#include "hyp/core/virtual_gic.hpp"
#include "hyp/core/vm_config.hpp"

namespace hm::hyp {

struct EntryControls {
    cpu::Hcr hcr;
    cpu::Hdcr hdcr;
    cpu::Hcptr hcptr;
    cpu::Hstr hstr;
    cpu::Cnthctl cnthctl;
};

/// What traps in every regime: SMC, which must never reach firmware's monitor, since that may lie
/// in ordinary memory, and the implementation-defined registers of CP15 c9 to c11 and c15.
inline constexpr cpu::Hcr kPlainHcr =
    cpu::Hcr{}.with(cpu::Hcr::kTsc, true).with(cpu::Hcr::kTidcp, true);

/// FIQ is the watchdog's.
inline constexpr cpu::Hcr kNativeHcr = kPlainHcr.with(cpu::Hcr::kFmo, true);

/// Stage 2 is on and its walks must not use device memory; FIQ and asynchronous aborts go to HYP.
/// ACTLR, which is the whole core's, traps too. Maintenance by set and way does not: it may cost
/// others time, but loses nothing, since an invalidation cleans as well (SWIO).
inline constexpr cpu::Hcr kGuestHcr = kPlainHcr.with(cpu::Hcr::kVm, true)
                                          .with(cpu::Hcr::kSwio, true)
                                          .with(cpu::Hcr::kPtw, true)
                                          .with(cpu::Hcr::kFmo, true)
                                          .with(cpu::Hcr::kAmo, true)
                                          .with(cpu::Hcr::kTac, true);

/// Bits of coprocessors that do not exist are RAO/WI (ARM DDI 0406C.d, B4.1.64): all except CP10
/// and CP11, which are VFP and NEON.
inline constexpr std::uint32_t kAbsentCoprocessors = 0x33FF;

/// What no guest uses traps in every regime: so it keeps the value that it had, and nobody has to
/// write it between two guests. These are debug and trace, Jazelle, CP15 c15, where Cortex-A15
/// shows state that is not the guest's (XSA-93), and the physical timer. ThumbEE's registers trap
/// until a virtual CPU uses them (hyp/core/thumb_ee.hpp). `event_counters`: PMCR.N. The guest gets
/// all of them, natively too (HDCR.HPMN).
[[nodiscard]] constexpr EntryControls entry_controls(const VmConfig& vm,
                                                     std::uint32_t event_counters) {
    const bool guest = vm.stages != Stages::kStage1Only;
    return {
        .hcr = (guest ? kGuestHcr : kNativeHcr)
                   .with(cpu::Hcr::kImo, vm.routing != InterruptRouting::kStraight)
                   .with(cpu::Hcr::kTwi, vm.traps_wfi)
                   .with(cpu::Hcr::kDc, vm.stages == Stages::kStage2Only),
        .hdcr = cpu::Hdcr{}
                    .with(cpu::Hdcr::kTdra, true)
                    .with(cpu::Hdcr::kTdosa, true)
                    .with(cpu::Hdcr::kTda, true)
                    .with(cpu::Hdcr::kTpm, !vm.has_counters)
                    .with(cpu::Hdcr::kTpmcr, !vm.has_counters)
                    .with(cpu::Hdcr::kHpmn, event_counters),
        .hcptr =
            cpu::Hcptr{}.with(cpu::Hcptr::kTta, true).with(cpu::Hcptr::kTcp, kAbsentCoprocessors),
        .hstr = cpu::Hstr{}
                    .with(cpu::Hstr::kT15, true)
                    .with(cpu::Hstr::kTtee, true)
                    .with(cpu::Hstr::kTjdbx, true),
        .cnthctl = cpu::Cnthctl{}.with(cpu::Cnthctl::kPl1pcten, true),
    };
}

/// The same while no guest runs: nothing is routed to HYP.
[[nodiscard]] constexpr EntryControls controls_at_rest(std::uint32_t event_counters) {
    EntryControls controls = entry_controls({}, event_counters);
    controls.hcr = kPlainHcr;
    return controls;
}

/// HSTR while a virtual CPU that has used ThumbEE's registers runs: they are its own (ARM DDI
/// 0406C.d, B4.1.71).
[[nodiscard]] constexpr cpu::Hstr with_thumb_ee(cpu::Hstr hstr) {
    return hstr.with(cpu::Hstr::kTtee, false);
}

/// A guest starts like a core after reset: in SVC mode, with all exceptions masked.
inline constexpr cpu::Psr kEntryPsr = cpu::Psr{}
                                          .with(cpu::Psr::kA, true)
                                          .with(cpu::Psr::kI, true)
                                          .with(cpu::Psr::kF, true)
                                          .with(cpu::Psr::kMode, cpu::Mode::kSvc);

/// What a guest that has GICC itself finds in GICC_CTLR. Group 0 is the
/// watchdog's and comes as FIQ. AckCtl lets GICC_IAR acknowledge Group 1: without Security
/// Extensions the register would read 1022 (ARM IHI 0048B, 4.4.4).
inline constexpr gic::GiccCtlr kGuestInterface = gic::GiccCtlr{}
                                                     .with(gic::GiccCtlr::kEnableGroup0, true)
                                                     .with(gic::GiccCtlr::kAckCtl, true)
                                                     .with(gic::GiccCtlr::kFiqEn, true);

/// GICH_VMCR after a reset: no group is signalled, the mask lets nothing through, and the binary
/// points are the least that Cortex-A15's GIC has (TRM 8.3.2, 5.3.3), and GIC-400.
inline constexpr gic::GichVmcr kVirtualInterfaceAtReset =
    gic::GichVmcr{}
        .with(gic::GichVmcr::kBinaryPoint, 2)
        .with(gic::GichVmcr::kAliasedBinaryPoint, 3);

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
    state.interrupts.vmcr = kVirtualInterfaceAtReset;
    return state;
}

}  // namespace hm::hyp
