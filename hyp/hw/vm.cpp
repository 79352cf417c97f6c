#include "hyp/hw/vm.hpp"

#include <new>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/gic_state.hpp"
#include "hyp/hw/device_traps.hpp"

namespace hm::hyp {

bool prepare(Vm& vm, const VmConfig& config) {
    vm.config = config;
    vm.controls = entry_controls(config, cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
    vm.demand = demand_frames(config.demand);
    vm.stage2.reset();
    vm.vttbr = cpu::Vttbr{};
    reset(vm.gic, {.link = link_of(config.routing),
                   .quick = board::kVirtualTimerInterrupt,
                   .linked = {1U << board::kVirtualTimerInterrupt, 0}});
    vm.devices.clear();
    if (config.stages == Stages::kStage1Only) {
        return true;
    }
    vm.test_word = 0;
    const mmu::Ipa below{config.distributor.value - mmu::kFrameBytes};
    if (config.has_test_device && !vm.devices.add(test_device_at(below))) {
        return false;
    }
    if (!vm.devices.add(distributor_at(config.distributor))) {
        return false;
    }
    const auto tables = stage2_pool.build(config);
    if (!tables) {
        return false;
    }
    vm.stage2.emplace(tables->builder);
    vm.vttbr = tables->vttbr;
    return true;
}

void reset(Vcpu& vcpu, Vm& vm) {
    vcpu.vm = &vm;
    vcpu.actlr = cpu::read<cpu::Actlr>().raw;
    vcpu.quick = QuickInjection{};
    vcpu.signals_timer = false;
    // Made in place: copying it would be most of what preparing a guest takes.
    new (&vcpu.state) VcpuState(initial_state(vm.config));
    vcpu.deadline = kNever;
    vcpu.deadline_seen = false;
}

}  // namespace hm::hyp
