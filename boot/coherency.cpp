#include "boot/coherency.hpp"

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/core_facts.hpp"
#include "drivers/cpu/hw/coherency.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/gic/gic_layout.hpp"

namespace hm::boot {

extern "C" void join_coherency(bool secure) {
    const auto actlr = cpu::read<cpu::Actlr>();
    const cpu::Actlr wanted =
        cpu::wanted_actlr(cpu::facts_of(cpu::read<cpu::Midr>()), actlr, secure);
    if (wanted != actlr) {
        cpu::write_after_load(wanted, board::kGicd + gic::GicdTyper::kOffset);
    }
}

bool is_coherent() {
    return !machine().shows_coherency || cpu::read<cpu::Actlr>().get(cpu::Actlr::kSmp);
}

}  // namespace hm::boot
