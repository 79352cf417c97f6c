// One run of a guest: what is made for it, how long it may run, and what is taken back after it.

#include <array>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/hw/counter_setup.hpp"
#include "hyp/hw/entry.hpp"
#include "hyp/hw/guest_uart.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/own_cores.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vector_tables.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

constinit std::array<Vm, 2> vms;
/// The first is that of the first VM. The second is its companion's, or the first VM's too.
constinit std::array<Vcpu, 2> vcpus;
void (*inspect)();

/// PMCCNTR, and what the event counters count of instructions.
struct Reading {
    std::uint32_t ticks = pmu::cycles();
    std::uint32_t all = pmu::event_count(pmu::kAllInstructionsCounter);
    std::uint32_t guest = pmu::event_count(pmu::kGuestInstructionsCounter);
};

void prepare_vcpu(Vm& vm, std::uint32_t index, std::uint32_t turn) {
    const Cpu& cpu = this_cpu();
    Vcpu& vcpu = vcpus[turn];
    reset(vcpu, vm, index);
    vcpu.turn = turn;
    vcpu.vectors =
        vectors_for({.faults_are_stamped = vm.config.fault_stamps_at != 0,
                     .interrupts_are_stamped = cpu.stamps != nullptr &&
                                               vms[0].config.routing != InterruptRouting::kStraight,
                     .null_ends_in_vector = vm.config.null_ends_in_vector,
                     .masking_is_watched = vms[0].config.masking_is_watched,
                     .exits_are_counted = vm.config.exits_are_counted,
                     .first = turn == 0},
                    cpu.timer_route);
}

/// VM `number` and its virtual CPUs.
[[nodiscard]] bool prepare(const VmConfig& config, std::uint32_t number) {
    Vm& vm = vms[number];
    vm.number = number;
    if (!hyp::prepare(vm, config)) {
        return false;
    }
    for (std::uint32_t i = 0; i < config.cpus; ++i) {
        prepare_vcpu(vm, i, number + i);
        vcpus[number + i].other = has_own_cores(config) ? &vcpus[1 - i] : nullptr;
    }
    return true;
}

[[nodiscard]] bool can_share_a_core(const VmConfig& vm) {
    const bool reads_console = vm.uart && vm.uart->look_for_input != 0;
    return vm.cpus == 1 && vm.passed.empty() && !reads_console;
}

/// Before the first guest and after each one: nothing of a guest is left in this core, its counters
/// and the GIC.
void clear(const Cpu& cpu, const CounterSetup& counters, Interrupts which) {
    clear_core(counters);
    clear_gic(cpu, which);
}

/// Waits for a tick of the counter, in WFI. How far the counter's ticks and the instructions lie
/// apart would otherwise depend on what ran before, and with it all that is read from the counter.
/// The HYP timer's interrupt is signalled, and ends the wait although it is masked (ARM DDI
/// 0406C.d, B1.8.14).
void wait_for_a_tick() {
    constexpr std::uint64_t kNotBeforeItIsSet = 2;
    signal_hyp_timer();
    cpu::write(cpu::CnthpCval::from(cpu::read<cpu::Cntpct>().raw + kNotBeforeItIsSet));
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();
    cpu::wait_for_interrupt();
    cpu::write(cpu::CnthpCtl{});
    cpu::isb();  // its level falls before a guest is entered (B3.15.5)
}

/// No guest governs from here on.
void take_back(Cpu& cpu, const CounterSetup& counters) {
    cpu::write(plain_vectors());
    cpu::write(cpu::CnthpCtl{});
    cpu::write(cpu::CntvCtl{});
    cpu::isb();  // quiet before anybody looks (B3.15.5)
    if (inspect != nullptr) {
        inspect();
    }
    for (Vm& vm : vms) {
        end_text(vm);
    }
    const VmConfig& vm = vms[0].config;
    const bool had_shared = vm.stages == Stages::kStage1Only || !vm.passed.empty();
    clear(cpu, counters, had_shared ? Interrupts::kAll : Interrupts::kPrivate);
}

}  // namespace

void start(mmu::Pa tables, unsigned frames, bool owns_group0) {
    stage2_pool.start(tables, frames);
    for (std::uint32_t i = 0; i < cores.size(); ++i) {
        cores[i].number = i;
    }
    Cpu& cpu = cores[0];
    cpu::write(cpu::Htpidr::from(reinterpret_cast<std::uint32_t>(&cpu)));
    start_gic(cpu, owns_group0);
    cpu::write(cpu::Cntvoff{});
    set_identity(cpu::read<cpu::Mpidr>());
}

bool watches(InterruptRouting routing) { return watches(cores[0].timer_route, routing); }

std::optional<Stop> run(const VmConfig& config, CheckpointHandler on_checkpoint,
                        const Companion* companion) {
    Cpu& cpu = this_cpu();
    cpu.vcpu = &vcpus[0];
    cpu.scheduler = Scheduler{};
    cpu.on_checkpoint = on_checkpoint;
    cpu.stamps = reinterpret_cast<measure::HypStamps*>(config.stamps_at);
    cpu.fault_stamps = reinterpret_cast<measure::FaultStamps*>(config.fault_stamps_at);
    cpu.longest_masked = {};
    cpu.stop = {};
    cpu.stale_interrupts = 0;
    const CounterSetup counters = counter_setup();
    // The shared interrupts are at rest since the last guest that had any.
    clear(cpu, counters, Interrupts::kPrivate);
    stage2_pool.release_all();
    if (watches(config.routing)) {
        wait_for_a_tick();
    }
    const Reading begin;
    // Each of two VMs has one virtual CPU, no device of the machine, and no input.
    if (companion != nullptr && (!can_share_a_core(config) || !can_share_a_core(companion->vm))) {
        return std::nullopt;
    }
    if (!prepare(config, 0) || (companion != nullptr && !prepare(companion->vm, 1))) {
        return std::nullopt;
    }
    set_identity(mpidr_of(*cpu.vcpu));
    load_core(*cpu.vcpu);
    join(cpu);
    // Turns and the watchdog count from here: what is done once is not in their time.
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    if (companion != nullptr) {
        cpu.scheduler = Scheduler(vcpus[0], vcpus[1],
                                  begin_schedule(companion->policy, companion->slice, start),
                                  companion->ends_in_turn);
    }
    cpu.watchdog = Watchdog(config.patience, config.budget, start);
    cpu.progress = {};
    cpu.next_look = config.uart && config.uart->look_for_input != 0
                        ? start + config.uart->look_for_input
                        : kNever;
    arm_timer();
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();  // all of it holds before the guest is entered (B3.15.5)
    const Reading entry;
    const Left left = run_first_vcpu(cpu);
    const Reading end;
    const std::uint64_t elapsed = cpu::read<cpu::Cntpct>().raw - start;
    if (!config.is_left_alone) {
        wait_for_others(cpu);
    }
    take_back(cpu, counters);
    if (left == Left::kStoppedByOther) {
        cpu.stop = cores[vms[0].stopped_by].stop;
    }
    cpu.stop.costs = {
        .prepare_ticks = entry.ticks - begin.ticks,
        .ticks = end.ticks - entry.ticks,
        .elapsed = elapsed,
        .all_instructions = end.all - entry.all,
        .guest_instructions = end.guest - entry.guest,
        .demand_faults = vms[0].demand.faults,
        .table_bytes = stage2_pool.table_bytes(config.stage2_start),
        .masked = cpu.longest_masked,
        .stale_interrupts = cpu.stale_interrupts,
    };
    return cpu.stop;
}

bool give_to_guest(char c) { return give(this_cpu(), vms[0], c); }

mmu::Pa stage2_root(std::uint32_t vm) { return {vms[vm].vttbr.get(cpu::Vttbr::kBaddr)}; }

Stage2Memory& stage2_memory() { return stage2_pool.memory(); }

void set_inspector(void (*inspector)()) { inspect = inspector; }

}  // namespace hm::hyp
