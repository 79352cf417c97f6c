#include "hyp/hw/trapped.hpp"

#include "drivers/cpu/hw/translate.hpp"

namespace hm::hyp {

Hpfar whole_fault_page(Hsr hsr) {
    const Hpfar page = fault_page();
    const std::uint32_t address = fault_address(hsr);
    if (!fault_ipa(hsr, page, address) || AbortSyndrome::from(hsr.raw).get(AbortSyndrome::kS1Ptw)) {
        return page;
    }
    const cpu::Par of_guest = cpu::read<cpu::Par>();
    cpu::operate<cpu::kAts1cpr>(address);  // ARM DDI 0406C.d, B4.2.4
    cpu::isb();                            // PAR has the answer after it (ARM DDI 0406C.d, B3.15.5)
    const cpu::Par par = cpu::read<cpu::Par>();
    cpu::write(of_guest);
    return with_high_bits(page, par);
}

Trap trap_of(Hsr hsr) {
    return {
        .hsr = hsr, .far = fault_address(hsr), .hpfar = whole_fault_page(hsr), .pc = guest_pc()};
}

void step_over_thumb(Hsr hsr, cpu::Psr psr) {
    set_guest_pc(guest_pc() + instruction_bytes(hsr));
    set_guest_psr(past_instruction(psr));
}

}  // namespace hm::hyp
