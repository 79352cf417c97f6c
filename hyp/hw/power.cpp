#include "hyp/hw/power.hpp"

#include <new>

#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/core/guest_psci.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/own_cores.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

/// As after a reset, but that interrupts which came for it stay (ARM DEN 0022D.b, 5.6).
void begin(Vcpu& vcpu, const CpuStart& start) {
    constexpr std::uint32_t kThumb = 1;
    const InterruptState before = vcpu.state.interrupts;
    const Vm& vm = *vcpu.vm;
    VcpuState& state = *new (&vcpu.state) VcpuState(initial_state(vm.config));
    state.interrupts.hcr = before.hcr;
    state.interrupts.listed = before.listed;
    state.interrupts.lr = before.lr;
    state.interrupts.active = before.active;
    state.pc = start.entry & ~kThumb;
    state.psr = kEntryPsr.with(cpu::Psr::kT, (start.entry & kThumb) != 0).raw;
    state.frame.r[0] = start.context;
    vcpu.deadline = kNever;
    vcpu.deadline_seen = false;
    vcpu.waits = false;
    vcpu.thumb_ee = {};
}

void turn_on(Cpu& cpu, Vm& vm, const CpuStart& start) {
    Vcpu& vcpu = *vm.cpus[start.cpu];
    begin(vcpu, start);
    if (has_own_cores(vm.config)) {
        vm.power[start.cpu] = CpuPower::kOnPending;
        run_on_own_core(vcpu);
    } else {
        vm.power[start.cpu] = CpuPower::kOn;
        take_turns_with(cpu, vcpu);
    }
}

void turn_off(TrapFrame& frame, Cpu& cpu, Vm& vm) {
    if (shares_one_core(vm.config)) {
        yield(frame);
        have_core_alone(cpu);
        return;
    }
    leave(Left::kCpuOff);
}

}  // namespace

void serve_psci(TrapFrame& frame) {
    Cpu& cpu = this_cpu();
    Vcpu& vcpu = *cpu.vcpu;
    Vm& vm = *vcpu.vm;
    PsciResult result;
    {
        Exclusive exclusive(cpu);
        result = call_psci(std::span(frame.r).first<4>(),
                           {.first = mpidr_of(*vm.cpus[0]),
                            .power = std::span(vm.power).first(vm.config.cpus),
                            .self = vcpu.index});
        if (result.after == AfterPsci::kTurnsOn) {
            turn_on(cpu, vm, result.start);
        } else if (result.after == AfterPsci::kTurnsOff) {
            vm.power[vcpu.index] = has_own_cores(vm.config) ? CpuPower::kGoesOff : CpuPower::kOff;
            exclusive.stay_parked();
        }
    }
    switch (result.after) {
        case AfterPsci::kGoesOn:
        case AfterPsci::kTurnsOn:
            frame.r[0] = static_cast<std::uint32_t>(result.value);
            return;
        case AfterPsci::kTurnsOff:
            turn_off(frame, cpu, vm);
            return;
        case AfterPsci::kIsOff:
            stop(StopReason::kPoweredOff);
        case AfterPsci::kIsReset:
            stop(StopReason::kReset);
    }
}

}  // namespace hm::hyp
