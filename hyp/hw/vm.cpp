#include "hyp/hw/vm.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/gic_state.hpp"
#include "hyp/hw/device_traps.hpp"
#include "hyp/hw/guest_uart.hpp"

namespace hm::hyp {

namespace {

/// What several virtual CPUs need, and what they exclude (VmConfig::cpus).
bool can_have_its_cpus(const VmConfig& config) {
    const bool native = config.stages == Stages::kStage1Only;
    const bool emulated = !native && config.routing != InterruptRouting::kStraight;
    return config.cpus == 1 ||
           (config.cpus <= VmConfig::kMostCpus && config.demand.range.bytes == 0 &&
            machine_has<&MachineFacts::splits_end_of_interrupt>() &&
            (has_own_cores(config) ? native || emulated : emulated));
}

/// What passed devices need (VmConfig::passed).
bool can_have_its_devices(const VmConfig& config) {
    return config.passed.empty() ||
           (config.cpus == 1 && config.passed.size() <= PassedDevice::kMost &&
            machine_has<&MachineFacts::splits_end_of_interrupt>() &&
            std::all_of(config.passed.begin(), config.passed.end(), [](const PassedDevice& device) {
                return device.interrupt.interrupt >= gic::kFirstSpi &&
                       device.interrupt.interrupt < VirtualGic::kInterrupts &&
                       device.interrupt.physical >= gic::kFirstSpi;
            }));
}

/// What a UART needs (UartConfig).
bool can_have_its_uart(const VmConfig& config) {
    if (!config.uart || config.uart->interrupt == 0) {
        return !config.uart || config.uart->look_for_input == 0 || !shares_one_core(config);
    }
    return config.uart->interrupt >= gic::kFirstSpi &&
           config.uart->interrupt < VirtualGic::kInterrupts &&
           (config.uart->look_for_input == 0 || !shares_one_core(config));
}

void reset_gic(Vm& vm) {
    std::array<PassedInterrupt, PassedDevice::kMost> passed{};
    const std::span<const PassedDevice> devices = vm.config.passed;
    std::transform(devices.begin(), devices.end(), passed.begin(),
                   [](const PassedDevice& device) { return device.interrupt; });
    reset(vm.gic, {.cpus = vm.config.cpus,
                   .link = link_of(vm.config.routing),
                   .quick = board::kVirtualTimerInterrupt,
                   .linked = {1U << board::kVirtualTimerInterrupt, 0},
                   .passed = std::span(passed).first(devices.size())});
    vm.passed_count = 0;
    for (const PassedDevice& device : devices) {
        vm.passed[vm.passed_count++] = {.physical = device.interrupt.physical,
                                        .interrupt = device.interrupt.interrupt};
    }
}

}  // namespace

bool prepare(Vm& vm, const VmConfig& config) {
    if (!can_have_its_cpus(config) || !can_have_its_devices(config) || !can_have_its_uart(config)) {
        return false;
    }
    vm.config = config;
    // One that waits must not keep the core from the others.
    vm.config.traps_wfi = config.traps_wfi || shares_one_core(config);
    vm.ends.store(false, std::memory_order_relaxed);
    vm.controls = entry_controls(vm.config, cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
    vm.demand = demand_frames(config.demand);
    vm.stage2.reset();
    vm.vttbr = cpu::Vttbr{};
    if (config.stages == Stages::kStage1Only) {
        vm.config.passed = {};
    }
    reset_gic(vm);
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
    vm.uart_line = false;
    new (&vm.uart) VirtualPl011;  // in place, which takes a fraction of copying one
    vm.text.start(config.name, config.text_most);
    if (config.uart && !vm.devices.add(uart_at(config.uart->base))) {
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

void reset(Vcpu& vcpu, Vm& vm, std::uint32_t index) {
    vcpu.vm = &vm;
    vcpu.index = index;
    vcpu.own_gic = &vm.gic.cpu[index];
    vm.cpus[index] = &vcpu;
    vm.power[index] = index == 0 ? CpuPower::kOn : CpuPower::kOff;
    vm.is_parked[index].store(true, std::memory_order_relaxed);
    vcpu.needs_own_tlb =
        shares_one_core(vm.config) || !machine_has<&MachineFacts::tells_vmids_apart>();
    vcpu.has_rare_state = vcpu.needs_own_tlb;
    vcpu.thumb_ee = {};
    vcpu.waits = false;
    vcpu.to_deactivate = 0;
    static_assert(VmConfig::kMostCpus == 2);
    vcpu.others = has_own_cores(vm.config) ? 1U << (1 - index) : 0;
    vcpu.mail.store(0, std::memory_order_relaxed);
    vcpu.actlr = cpu::read<cpu::Actlr>().raw;
    vcpu.quick = QuickInjection{};
    vcpu.signals_timer = false;
    // Made in place: copying it would be most of what preparing a guest takes.
    new (&vcpu.state) VcpuState(initial_state(vm.config));
    vcpu.deadline = kNever;
    vcpu.deadline_seen = false;
}

cpu::Mpidr mpidr_of(const Vcpu& vcpu) {
    return mpidr_of(cpu::read<cpu::Mpidr>().with(cpu::Mpidr::kAff0, 0), vcpu.index,
                    vcpu.vm->config.cpus);
}

}  // namespace hm::hyp
