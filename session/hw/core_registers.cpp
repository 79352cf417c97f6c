#include "session/hw/core_registers.hpp"

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/core_facts.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/cpu/registers.hpp"

namespace hm::session {

std::span<const measure::NamedValue> core_registers(CoreRegisters& room,
                                                    std::span<const measure::NamedValue> found) {
    std::size_t count = 0;
    if constexpr (board::kTellsRegisters) {
        const auto add = [&](const char* name, std::uint32_t value) {
            room[count++] = {name, value};
        };
        const auto midr = cpu::read<cpu::Midr>();
        const cpu::CoreFacts* const core = cpu::facts_of(midr);
        add("MIDR", midr.raw);
        add("ACTLR", cpu::read<cpu::Actlr>().raw);
        if (core != nullptr && core->has_l2_registers && machine().has_l2_registers) {
            add("L2CTLR", cpu::read<cpu::L2ctlr>().raw);
            add("L2ECTLR", cpu::read<cpu::L2ectlr>().raw);
        }
        if (core != nullptr && core->has_l2_prefetch_register &&
            machine().has_l2_prefetch_register) {
            add("L2PFR", cpu::read<cpu::L2pfr>().raw);
        }
    }
    for (const measure::NamedValue& value : found) {
        room[count++] = value;
    }
    return std::span(room).first(count);
}

}  // namespace hm::session
