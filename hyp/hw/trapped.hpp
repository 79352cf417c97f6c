#pragma once
// The instruction at which a guest trapped, from HYP's registers.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

[[gnu::always_inline]] inline Hpfar fault_page() {
    return Hpfar::from(cpu::read<cpu::HpfarRegister>().raw);
}

/// Steps over the trapped instruction. Only for A32, and for Thumb outside of IT blocks: inside
/// one, ITSTATE would have to be advanced too.
inline void step_over(Hsr hsr) {
    std::uint32_t pc;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    pc += instruction_bytes(hsr);
    asm volatile("msr elr_hyp, %0" : : "r"(pc));
}

}  // namespace hm::hyp
