#pragma once
// The guest's registers as hyp/hw/vectors.S saves them on a trap.

#include <cstdint>

#include "drivers/cpu/registers.hpp"

namespace hm::hyp {

struct TrapFrame {
    std::uint32_t r4_to_r11[8];
    std::uint32_t r0_to_r3[4];
    std::uint32_t r12;
    std::uint32_t lr;  ///< LR_usr, which HYP mode shares with USR (ARM DDI 0406C.d, B1.3.2)

    /// r0 to r12 of the mode in `psr`; null for its banked registers, which are not in the frame
    /// (B1.3.2).
    [[nodiscard]] constexpr std::uint32_t* reg(std::uint32_t number, cpu::Psr psr) {
        if (number < 4) {
            return &r0_to_r3[number];
        }
        if (number >= 8 && psr.get(cpu::Psr::kMode) == cpu::Mode::kFiq) {
            return nullptr;
        }
        if (number < 12) {
            return &r4_to_r11[number - 4];
        }
        return number == 12 ? &r12 : nullptr;
    }
};
static_assert(sizeof(TrapFrame) == 56, "two pushes in vectors.S, a multiple of 8 for the stack");

}  // namespace hm::hyp
