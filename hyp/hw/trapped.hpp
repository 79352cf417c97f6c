#pragma once
// The instruction at which a guest trapped, from HYP's registers.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/core/stop.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/trapped_instruction.hpp"

namespace hm::hyp {

[[gnu::always_inline]] inline Hpfar fault_page() {
    return Hpfar::from(cpu::read<cpu::HpfarRegister>().raw);
}

/// The same with bits 39:32, which QEMU's qemu-system-arm leaves out: it keeps the IPA of a fault
/// of stage 2 in a word as wide as a VA (`target_ulong s2addr` in its target/arm/internals.h; 7.2
/// has it so, and later ones until it became a hwaddr). The CPU's own translation of stage 1 has
/// all bits, where the guest uses long descriptors.
[[nodiscard]] Hpfar whole_fault_page(Hsr hsr);

/// HDFAR, or HIFAR for a prefetch abort.
[[gnu::always_inline]] inline std::uint32_t fault_address(Hsr hsr) {
    return hsr.get(Hsr::kEc) == ExceptionClass::kPrefetchAbortLower ? cpu::read<cpu::Hifar>().raw
                                                                    : cpu::read<cpu::Hdfar>().raw;
}

/// Where the guest goes on: at the trapped instruction, or behind an HVC.
[[gnu::always_inline]] inline std::uint32_t guest_pc() {
    std::uint32_t pc;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    return pc;
}
[[gnu::always_inline]] inline void set_guest_pc(std::uint32_t pc) {
    asm volatile("msr elr_hyp, %0" : : "r"(pc));
}

/// What the registers say of the exception that the guest took.
[[nodiscard]] Trap trap_of(Hsr hsr);

/// SPSR_hyp, by the names that HYP itself must use (B9.2.3).
[[gnu::always_inline]] inline cpu::Psr guest_psr() {
    std::uint32_t psr;
    asm volatile("mrs %0, spsr" : "=r"(psr));
    return cpu::Psr::from(psr);
}
[[gnu::always_inline]] inline void set_guest_psr(cpu::Psr psr) {
    asm volatile("msr spsr_cxsf, %0" : : "r"(psr.raw));
}

/// An instruction of Thumb has two sizes, and may lie in an IT block.
[[gnu::noinline, gnu::cold]] void step_over_thumb(Hsr hsr, cpu::Psr psr);

/// Steps over the trapped instruction. `psr`: the guest's.
[[gnu::always_inline]] inline void step_over(Hsr hsr, cpu::Psr psr) {
    if (psr.get(cpu::Psr::kT)) [[unlikely]] {
        step_over_thumb(hsr, psr);
        return;
    }
    set_guest_pc(guest_pc() + 4);
}

/// Steps over the trapped instruction if its condition fails; false then.
[[nodiscard, gnu::always_inline]] inline bool is_executed_else_step_over(Hsr hsr, cpu::Psr psr) {
    if (is_unconditional_a32(hsr, psr) || is_executed(hsr, psr)) [[likely]] {
        return true;
    }
    step_over(hsr, psr);
    return false;
}

}  // namespace hm::hyp
