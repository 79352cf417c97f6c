// Which function serves which class of exception that a guest takes to HYP.

#include "hyp/hw/traps.hpp"

#include <algorithm>

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
                                       {ExceptionClass::kCp15Wide, serve_undefined},
                                       {ExceptionClass::kCp14, serve_undefined},
                                       {ExceptionClass::kCp14Memory, serve_undefined},
                                       {ExceptionClass::kCp14Wide, serve_undefined},
                                       {ExceptionClass::kCoprocessor, serve_undefined},
                                       {ExceptionClass::kCp10Id, serve_undefined},
                                       {ExceptionClass::kBxj, serve_undefined},
                                       {ExceptionClass::kSmc, serve_undefined},
                                       {ExceptionClass::kHvc, serve_hypercall},
                                       {ExceptionClass::kPrefetchAbortLower, serve_abort},
                                       {ExceptionClass::kDataAbortLower, serve_abort},
                                   });

}  // namespace

void serve_abort(Hsr hsr, TrapFrame& frame) {
    if (!map_on_demand(hsr, nullptr) && !access_device(hsr, frame)) {
        give_abort(hsr, frame);
    }
}

void serve_wait(Hsr hsr, TrapFrame& frame) {
    const cpu::Psr psr = guest_psr();
    if (is_executed_else_step_over(hsr, psr)) {
        step_over(hsr, psr);
        wait(frame);
    }
}

void refuse(Hsr hsr, TrapFrame& frame) { refuse(hsr, frame, Refusal::kNotServed); }

void refuse(Hsr hsr, TrapFrame& frame, Refusal why) {
    Stop& stopped = this_cpu().stop;
    stopped.refusal = why;
    stopped.trap = trap_of(hsr);
    std::ranges::copy(frame.r0_to_r3, stopped.arguments.begin());
    stop(StopReason::kTrap);
}

}  // namespace hm::hyp

extern "C" void hyp_trap(std::uint32_t word, hm::hyp::TrapFrame* frame) {
    const auto hsr = hm::hyp::Hsr::from(word);
    hm::hyp::kTraps.handler_of(hsr)(hsr, *frame);
}
