// Which function serves which class of exception that a guest takes to HYP.

#include "hyp/hw/traps.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/trap_table.hpp"
#include "hyp/hw/demand_faults.hpp"
#include "hyp/hw/device_traps.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/turns.hpp"

namespace hm::hyp {

namespace {

constexpr TrapTable kTraps(refuse, {
                                       {ExceptionClass::kWfiWfe, serve_wait},
                                       {ExceptionClass::kCp15, serve_cp15},
                                       {ExceptionClass::kHvc, serve_hypercall},
                                       {ExceptionClass::kPrefetchAbortLower, serve_abort},
                                       {ExceptionClass::kDataAbortLower, serve_abort},
                                   });

}  // namespace

void serve_abort(Hsr hsr, TrapFrame& frame) {
    if (!map_on_demand(hsr, nullptr) && !access_device(hsr, frame)) {
        refuse(hsr, frame);
    }
}

void serve_wait(Hsr hsr, TrapFrame& frame) {
    step_over(hsr);
    wait(frame);
}

void refuse(Hsr hsr, TrapFrame&) {
    Stop& stopped = this_cpu().stop;
    stopped.hsr = hsr;
    stopped.far = hsr.get(Hsr::kEc) == ExceptionClass::kPrefetchAbortLower
                      ? cpu::read<cpu::Hifar>().raw
                      : cpu::read<cpu::Hdfar>().raw;
    stopped.hpfar = fault_page();
    stop(StopReason::kTrap);
}

}  // namespace hm::hyp

extern "C" void hyp_trap(std::uint32_t word, hm::hyp::TrapFrame* frame) {
    const auto hsr = hm::hyp::Hsr::from(word);
    hm::hyp::kTraps.handler_of(hsr)(hsr, *frame);
}
