#pragma once
// The guest's registers as hyp/hw/vectors.S saves them on a trap.

#include <array>
#include <cstdint>

#include "drivers/cpu/registers.hpp"

namespace hm::hyp {

struct TrapFrame {
    std::array<std::uint32_t, 13> r;
    std::uint32_t lr;  ///< LR_usr, which HYP mode shares with USR (ARM DDI 0406C.d, B1.3.2)

    /// r0 to r12 of the mode in `psr`; null for its banked registers, which are not in the frame
    /// (B1.3.2).
    [[nodiscard]] constexpr std::uint32_t* reg(std::uint32_t number, cpu::Psr psr) {
        constexpr std::uint32_t kFirstOfFiq = 8;
        if (number >= kFirstOfFiq &&
            (number >= r.size() || psr.get(cpu::Psr::kMode) == cpu::Mode::kFiq)) {
            return nullptr;
        }
        return &r[number];
    }
};
static_assert(sizeof(TrapFrame) == 56, "one push in vectors.S, a multiple of 8 for the stack");

}  // namespace hm::hyp
