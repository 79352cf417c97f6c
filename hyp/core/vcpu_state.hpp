#pragma once
// The state of one core that two virtual CPUs share, as it was when one of them was switched out:
// all that PL1 and PL0 can change, except what traps. hyp/hw/vcpu_switch.hpp saves and loads it.
//
// Left out, because a guest's access to it traps: debug and trace (HDCR, HCPTR), ACTLR (HCR.TAC),
// the implementation-defined CP15 spaces c9 to c11 and c15 (HCR.TIDCP, HSTR.T15), Jazelle (HSTR),
// and the physical timer (CNTHCTL). ThumbEE's registers are switched only for those that use them
// (thumb_ee.hpp). The performance monitor traps for the second VM (HDCR.TPM); its counters keep
// running through a switch because they measure it.

#include <array>
#include <cstddef>
#include <cstdint>

#include "drivers/cpu/registers.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/mmu/control.hpp"
#include "hyp/core/time.hpp"
#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// The registers that a mode has to itself (ARM DDI 0406C.d, B1.3.2).
struct BankedRegisters {
    std::uint32_t sp, lr, spsr;
};

/// Banked registers and PL1's system registers: words in the order in which
/// hyp/hw/vcpu_switch.S moves them.
struct RegisterState {
    std::uint32_t sp_usr;
    BankedRegisters svc, abt, und, irq, fiq;
    std::array<std::uint32_t, 5> r8_to_r12_fiq;
    cpu::Csselr csselr;
    cpu::Ttbr0 ttbr0;
    cpu::Ttbr1 ttbr1;
    cpu::Par par;
    cpu::Sctlr sctlr;
    cpu::Cpacr cpacr;
    mmu::Ttbcr ttbcr;
    cpu::Dacr dacr;
    cpu::Dfsr dfsr;
    cpu::Ifsr ifsr;
    cpu::Adfsr adfsr;
    cpu::Aifsr aifsr;
    cpu::Dfar dfar;
    cpu::Ifar ifar;
    cpu::Mair0 mair0 =
        cpu::Mair0::from(mmu::kMair0.raw);  ///< UNKNOWN at reset; see enter_hyp_space
    cpu::Mair1 mair1;
    cpu::Amair0 amair0;
    cpu::Amair1 amair1;
    cpu::Vbar vbar;
    cpu::Contextidr contextidr;
    cpu::Tpidrurw tpidrurw;
    cpu::Tpidruro tpidruro;
    cpu::Tpidrprw tpidrprw;
    cpu::Cntkctl cntkctl;
};
static_assert(sizeof(RegisterState) == 4 * 12 * 4, "four times twelve words, without gaps");
static_assert(offsetof(RegisterState, csselr) == 21 * 4 &&
              offsetof(RegisterState, sctlr) == 28 * 4);

struct VfpState {
    std::array<std::uint64_t, 32> d;
    std::uint32_t fpscr, fpexc;
};
static_assert(offsetof(VfpState, fpscr) == 32 * 8 && offsetof(VfpState, fpexc) == 32 * 8 + 4,
              "hyp/hw/vcpu_switch.hpp stores them in this order");

struct TimerState {
    cpu::CntvCval cval;
    std::uint64_t offset;  ///< CNTVOFF
    cpu::CntvCtl ctl;
};

/// The virtual CPU interface, and the state that the physical distributor holds for interrupts of
/// the VM.
struct InterruptState {
    static constexpr std::size_t kMostListRegisters = 4;  ///< Cortex-A15 TRM 8.3.2; GIC-400 too
    gic::GichHcr hcr;
    gic::GichVmcr vmcr;
    std::uint32_t apr;
    std::uint32_t
        listed;  ///< list registers that are not empty, one bit each; only these are saved
    std::array<gic::ListRegister, kMostListRegisters> lr;
    /// GICD_ISACTIVER of the physical interrupts that the VM owns, one bit per interrupt: an active
    /// one would keep the other VM's from being signalled.
    std::uint32_t active;
};

/// Whether a list register that is saved holds a pending interrupt.
[[nodiscard]] constexpr bool has_pending(const InterruptState& interrupts) {
    for (std::uint32_t i = 0; i < InterruptState::kMostListRegisters; ++i) {
        if ((interrupts.listed >> i & 1) != 0 && is_pending(interrupts.lr[i])) {
            return true;
        }
    }
    return false;
}

struct VcpuState {
    RegisterState registers;
    TrapFrame frame;    ///< r0 to r12, and LR of USR mode
    std::uint32_t pc;   ///< ELR_hyp
    std::uint32_t psr;  ///< SPSR_hyp
    VfpState vfp;
    TimerState timer;
    InterruptState interrupts;
};
static_assert(offsetof(VcpuState, registers) == 0 &&
                  offsetof(VcpuState, frame) == sizeof(RegisterState) &&
                  offsetof(VcpuState, pc) == sizeof(RegisterState) + sizeof(TrapFrame) &&
                  offsetof(VcpuState, psr) == offsetof(VcpuState, pc) + 4,
              "hyp/hw/vcpu_switch.S moves them in this order, without gaps");

/// When the virtual timer of a virtual CPU that is switched out wants its interrupt, in ticks of
/// CNTPCT. kNever if it is off, if the interrupt has been delivered (`delivered`) and waits for the
/// guest to handle it, or if CNTPCT never gets so far: a guest may set the highest value to mean
/// that.
[[nodiscard]] constexpr std::uint64_t deadline_of(const TimerState& timer, bool delivered) {
    const bool on = timer.ctl.get(cpu::CntvCtl::kEnable) && !timer.ctl.get(cpu::CntvCtl::kImask);
    return on && !delivered ? later(timer.cval.raw, timer.offset) : kNever;
}

}  // namespace hm::hyp
