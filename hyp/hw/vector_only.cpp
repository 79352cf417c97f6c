#include "hyp/hw/vector_only.hpp"

#include <algorithm>

#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/hw/interrupts.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vector_tables.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

namespace {

void end_vector_only() {
    cpu::write(this_cpu().vcpu->vectors);
    arm_timer();  // its ISB: before the next exception is taken (ARM DDI 0406C.d, B3.15.5)
}

}  // namespace

void begin_vector_only() {
    cpu::write(vectors_that_only_return());
    const std::uint64_t latest = cpu::read<cpu::Cntpct>().raw + measure::kVectorOnlyTicks;
    cpu::write(cpu::CnthpCval::from(std::min(cpu::read<cpu::CnthpCval>().raw, latest)));
    cpu::isb();  // before the next exception is taken (ARM DDI 0406C.d, B3.15.5)
}

extern "C" void hyp_irq_in_vector_only(TrapFrame* frame) {
    end_vector_only();
    if (this_cpu().timer_route == TimerRoute::kIrq) {
        hyp_irq_or_tick(frame);
    } else {
        hyp_irq();
    }
}

extern "C" void hyp_fiq_in_vector_only(TrapFrame* frame) {
    cpu::write(this_cpu().vcpu->vectors);
    hyp_fiq(frame);
}

}  // namespace hm::hyp
