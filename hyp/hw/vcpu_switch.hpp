#pragma once
// Saves and loads what two virtual CPUs share of a core: hyp/core/vcpu_state.hpp lists it, and what
// is left out because a guest's access traps. It is inlined into the one place that switches
// (hyp/hw/turns.cpp), whose instructions are counted. hyp/hw/vcpu_switch.S moves the registers.

#include <bit>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/vcpu_state.hpp"

extern "C" {
void save_registers(hm::hyp::RegisterState* state);
void load_registers(const hm::hyp::RegisterState* state);
/// These, the frame, and where the guest goes on.
void save_all_registers(hm::hyp::VcpuState* state, const hm::hyp::TrapFrame* frame);
void load_all_registers(const hm::hyp::VcpuState* state, hm::hyp::TrapFrame* frame);
}

namespace hm::hyp {

inline constexpr std::uint32_t kVfpOn = cpu::Fpexc{}.with(cpu::Fpexc::kEn, true).raw;

// ---- VFP and NEON: nothing else in the monitor uses them --------------------------------------

[[gnu::always_inline]] inline void turn_vfp_on() {
    asm volatile(
        ".fpu neon-vfpv4\n\t"
        "vmsr fpexc, %[on]\n\t"
        ".fpu softvfp" ::[on] "r"(kVfpOn));
}

/// Leaves it on.
[[gnu::always_inline]] inline void save_vfp(VfpState& state) {
    std::uint64_t* at = state.d.data();
    asm volatile(
        ".fpu neon-vfpv4\n\t"
        "vmrs r3, fpexc\n\t"
        "vmsr fpexc, %[on]\n\t"
        "vmrs r2, fpscr\n\t"
        "vstmia %[at]!, {d0-d15}\n\t"
        "vstmia %[at]!, {d16-d31}\n\t"
        "stmia %[at], {r2, r3}\n\t"
        ".fpu softvfp"
        : [at] "+&r"(at)
        : [on] "r"(kVfpOn)
        : "r2", "r3", "memory");
}

/// While it is on.
[[gnu::always_inline]] inline void load_vfp(const VfpState& state) {
    const std::uint64_t* at = state.d.data();
    asm volatile(
        ".fpu neon-vfpv4\n\t"
        "vmsr fpscr, %[fpscr]\n\t"
        "vldmia %[at]!, {d0-d15}\n\t"
        "vldmia %[at]!, {d16-d31}\n\t"
        "vmsr fpexc, %[fpexc]\n\t"
        ".fpu softvfp"
        : [at] "+&r"(at)
        : [fpscr] "r"(state.fpscr), [fpexc] "r"(state.fpexc)
        : "memory");
}

// ---- Virtual timer ----------------------------------------------------------------------------

/// Turns the timer off, so that its level does not reach the next guest. The ISB makes this take
/// effect before the list registers are saved and loaded (ARM DDI 0406C.d, B3.15.5).
[[gnu::always_inline]] inline void save_timer(TimerState& state) {
    state.ctl = cpu::read<cpu::CntvCtl>();
    cpu::write(cpu::CntvCtl{});
    state.cval = cpu::read<cpu::CntvCval>();
    cpu::isb();
}

/// It is in force after the next context synchronization (B3.15.5).
[[gnu::always_inline]] inline void load_timer(const TimerState& state) {
    cpu::write(cpu::Cntvoff::from(state.offset));
    cpu::write(state.cval);
    cpu::write(state.ctl);
}

// ---- Virtual CPU interface, and interrupts that are active for the VM -------------------------

[[gnu::noinline]] inline void save_list_registers(InterruptState& state) {
    for (std::uint32_t rest = state.listed; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        state.lr[i] = gic::ListRegister::from(reg::Mmio::read_at(board::kGich, gic::gich::lr(i)));
        reg::Mmio::write_at(board::kGich, gic::gich::lr(i), 0);
    }
}

[[gnu::noinline]] inline void load_list_registers(const InterruptState& state) {
    for (std::uint32_t rest = state.listed; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        reg::Mmio::write_at(board::kGich, gic::gich::lr(i), state.lr[i].raw);
    }
}

/// Without the list registers themselves. `all`: what GICH_ELRSR0 reads when all are empty.
[[gnu::always_inline]] inline void save_interface(InterruptState& state, std::uint32_t all) {
    state.hcr = gic::GichHcr::from(reg::Mmio::read_at(board::kGich, gic::GichHcr::kOffset));
    state.vmcr = gic::GichVmcr::from(reg::Mmio::read_at(board::kGich, gic::GichVmcr::kOffset));
    state.apr = reg::Mmio::read_at(board::kGich, gic::gich::kApr);
    state.listed = all & ~reg::Mmio::read_at(board::kGich, gic::gich::kElrsr0);
}

/// `owned`: the physical interrupts that belong to the guest that runs, one bit per interrupt.
[[gnu::always_inline]] inline void save_interrupts(InterruptState& state, std::uint32_t owned,
                                                   std::uint32_t all) {
    save_interface(state, all);
    if (state.listed != 0) {
        save_list_registers(state);
    }
    state.active = reg::Mmio::read(board::kGicd + gic::gicd::kIsactiver) & owned;
    if (state.active != 0) {
        reg::Mmio::write(board::kGicd + gic::gicd::kIcactiver, state.active);
    }
}

/// Call it only while all list registers are empty.
[[gnu::always_inline]] inline void load_interrupts(const InterruptState& state) {
    if (state.active != 0) {
        reg::Mmio::write(board::kGicd + gic::gicd::kIsactiver, state.active);
    }
    if (state.listed != 0) {
        load_list_registers(state);
    }
    reg::Mmio::write_at(board::kGich, gic::gich::kApr, state.apr);
    reg::Mmio::write_at(board::kGich, gic::GichVmcr::kOffset, state.vmcr.raw);
    reg::Mmio::write_at(board::kGich, gic::GichHcr::kOffset, state.hcr.raw);
}

// ---- The whole --------------------------------------------------------------------------------

/// `frame`: r0 to r12 and LR, as the vector saved them.
[[gnu::always_inline]] inline void save_vcpu(VcpuState& state, const TrapFrame& frame,
                                             std::uint32_t owned, std::uint32_t all) {
    save_all_registers(&state, &frame);
    save_vfp(state.vfp);
    save_timer(state.timer);
    save_interrupts(state.interrupts, owned, all);
}

/// `frame`: what the vector will load again. The return to the guest is the context synchronization
/// that PL1 and PL0 need before they use any of it (ARM DDI 0406C.d, B3.15.5).
[[gnu::always_inline]] inline void load_vcpu(const VcpuState& state, TrapFrame& frame) {
    load_all_registers(&state, &frame);
    load_vfp(state.vfp);
    load_interrupts(state.interrupts);
    load_timer(state.timer);
}

}  // namespace hm::hyp
