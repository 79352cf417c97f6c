#include "hyp/core/trapped_instruction.hpp"

namespace hm::hyp {

bool is_executed(Hsr hsr, cpu::Psr psr) {
    const auto syndrome = SmallTrap::from(hsr.raw);
    const auto ec = static_cast<std::uint32_t>(hsr.get(Hsr::kEc));
    const bool may_have_condition = ec != 0 && ec < 0x10;
    if (may_have_condition && syndrome.get(SmallTrap::kConditionValid)) {
        return condition_holds(syndrome.get(SmallTrap::kCondition), psr);
    }
    const std::uint32_t state = it_state(psr);
    const bool in_it_block = psr.get(cpu::Psr::kT) && (state & 0xF) != 0;
    return !in_it_block || condition_holds(state >> 4, psr);
}

cpu::Psr past_instruction(cpu::Psr psr) {
    const std::uint32_t state = it_state(psr);
    const bool was_last = (state & 7) == 0;
    return with_it_state(psr, was_last ? 0 : (state & 0xE0) | (state << 1 & 0x1F));
}

}  // namespace hm::hyp
