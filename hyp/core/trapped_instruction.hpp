#pragma once
// An instruction of a guest that trapped: whether it is executed at all, and the state after it.
// Cortex-A15 may trap instructions whose condition fails (ARM DDI 0406C.d, B1.14).

#include <cstdint>

#include "drivers/cpu/registers.hpp"
#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

/// ITSTATE (A2.5.2): the condition of the next instruction of an IT block, and how many follow.
/// Zero outside of one.
[[nodiscard]] constexpr std::uint32_t it_state(cpu::Psr psr) {
    return psr.get(cpu::Psr::kItHigh) << 2 | psr.get(cpu::Psr::kItLow);
}

[[nodiscard]] constexpr cpu::Psr with_it_state(cpu::Psr psr, std::uint32_t state) {
    return psr.with(cpu::Psr::kItHigh, state >> 2).with(cpu::Psr::kItLow, state);
}

/// Whether `psr` has the flags that an instruction with this condition asks for (A8.3.1).
[[nodiscard]] constexpr bool condition_holds(std::uint32_t condition, cpu::Psr psr) {
    const bool n = psr.get(cpu::Psr::kN);
    const bool z = psr.get(cpu::Psr::kZ);
    const bool c = psr.get(cpu::Psr::kC);
    const bool v = psr.get(cpu::Psr::kV);
    const bool always = condition >= 0b1110;
    const bool holds[]{z, c, n, v, c && !z, n == v, n == v && !z, true};
    return always || holds[condition >> 1 & 7] != ((condition & 1) != 0);
}

/// A32, and its condition is "always": nearly all instructions that trap.
[[nodiscard]] constexpr bool is_unconditional_a32(Hsr hsr, cpu::Psr psr) {
    constexpr std::uint32_t kAlways =
        SmallTrap{}.with(SmallTrap::kConditionValid, true).with(SmallTrap::kCondition, 0b1110).raw;
    constexpr std::uint32_t kBoth =
        SmallTrap::mask(SmallTrap::kConditionValid) | SmallTrap::mask(SmallTrap::kCondition);
    return (hsr.raw & kBoth) == kAlways && !psr.get(cpu::Psr::kT);
}

/// Whether the trapped instruction is executed: its condition holds. HSR has the condition of
/// classes whose first two bits are zero (B3.13.6); for Thumb it may leave the condition to
/// ITSTATE. `psr`: the guest's, at the instruction.
[[nodiscard]] bool is_executed(Hsr hsr, cpu::Psr psr);

/// The guest's PSR once the instruction is behind it (ITAdvance, A2.5.2).
[[nodiscard]] cpu::Psr past_instruction(cpu::Psr psr);

}  // namespace hm::hyp
