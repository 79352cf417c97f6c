// Which function serves which class of exception that a guest takes to HYP.

#include "hyp/hw/traps.hpp"

#include <algorithm>

#include "hyp/hw/demand_faults.hpp"
#include "hyp/hw/device_traps.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

/// False where it is not plain, or the device has no such register: then nothing has happened.
[[gnu::always_inline]] inline bool access_word(Vcpu& vcpu, const Device& device, Hsr hsr,
                                               TrapFrame& frame) {
    const cpu::Psr psr = guest_psr();
    if (!is_plain_word(hsr) || !is_plain_code(psr)) {
        return false;
    }
    constexpr std::uint32_t kBytes = 4;
    const auto abort = AbortSyndrome::from(hsr.raw);
    std::uint32_t* const reg = frame.reg(abort.get(AbortSyndrome::kSrt), psr);
    const std::uint32_t offset = cpu::read<cpu::Hdfar>().raw % mmu::kFrameBytes;
    if (reg == nullptr) {
        return false;
    }
    if (abort.get(AbortSyndrome::kWnR)) {
        return device.write(vcpu, offset, kBytes, *reg);
    }
    const DeviceValue value = device.read(vcpu, offset, kBytes);
    if (value >= kNoRegister) {
        return false;
    }
    *reg = static_cast<std::uint32_t>(value);
    return true;
}

[[gnu::noinline]] void serve_any_abort(Hsr hsr, TrapFrame& frame) {
    if (!map_on_demand(hsr, nullptr) && !access_device(hsr, frame)) {
        give_abort(hsr, frame);
    }
}

}  // namespace

/// A page on demand, or a plain access of a device that is found by its page, looks at nothing
/// else.
void serve_data_abort(Hsr hsr, TrapFrame& frame) {
    Vcpu& vcpu = *this_cpu().vcpu;
    Vm& vm = *vcpu.vm;
    const auto page = static_cast<std::uint32_t>(fault_page().get(Hpfar::kFipa));
    if (const Device* const device = vm.devices.at_page(page)) {
        if (access_word(vcpu, *device, hsr, frame)) [[likely]] {
            set_guest_pc(guest_pc() + 4);
            return;
        }
    } else if (map_at_once(vm, hsr, page)) [[likely]] {
        return;
    }
    serve_any_abort(hsr, frame);
}

void serve_prefetch_abort(Hsr hsr, TrapFrame& frame) { serve_any_abort(hsr, frame); }

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
    std::copy_n(frame.r.begin(), stopped.arguments.size(), stopped.arguments.begin());
    stop(StopReason::kTrap);
}

}  // namespace hm::hyp

using namespace hm::hyp;

/// The vectors find the handlers here, by class.
extern "C" constinit const TrapTable hyp_traps(
    refuse, {
                {ExceptionClass::kWfiWfe, serve_wait},
                {ExceptionClass::kCp15, serve_cp15},
                {ExceptionClass::kCp15Wide, serve_undefined},
                {ExceptionClass::kCp14, serve_cp14},
                {ExceptionClass::kCp14Memory, serve_undefined},
                {ExceptionClass::kCp14Wide, serve_undefined},
                {ExceptionClass::kCoprocessor, serve_undefined},
                {ExceptionClass::kCp10Id, serve_undefined},
                {ExceptionClass::kBxj, serve_undefined},
                {ExceptionClass::kSmc, serve_undefined},
                {ExceptionClass::kHvc, serve_hypercall},
                {ExceptionClass::kPrefetchAbortLower, serve_prefetch_abort},
                {ExceptionClass::kDataAbortLower, serve_data_abort},
            });

extern "C" void hyp_trap(std::uint32_t word, TrapFrame* frame) {
    const auto hsr = Hsr::from(word);
    hyp_traps.handler_of(hsr)(hsr, *frame);
}
