// Entering and leaving a guest: all state that the guest finds, and all that is taken back after
// it.

#include <array>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "hyp/hw/vector_tables.hpp"
#include "hyp/hw/vm.hpp"

extern "C" {
/// Leaves HYP's stack pointer at `stack_pointer`, and returns what leave_guest is given.
std::uint32_t enter_guest(std::uint32_t pc, std::uint32_t cpsr, std::uint32_t* stack_pointer);
[[noreturn]] void leave_guest(std::uint32_t why, std::uint32_t stack_pointer);
}

namespace hm::hyp {

constinit Cpu guest_core;

namespace {

constinit std::array<Vm, 2> vms;
constinit std::array<Vcpu, 2> vcpus;
void (*inspect)();

/// PMCCNTR, and what the event counters count of instructions.
struct Reading {
    std::uint32_t ticks = pmu::cycles();
    std::uint32_t all = pmu::event_count(pmu::kAllInstructionsCounter);
    std::uint32_t guest = pmu::event_count(pmu::kGuestInstructionsCounter);
};

[[nodiscard]] bool prepare(const VmConfig& config, std::uint32_t turn) {
    const Cpu& cpu = this_cpu();
    Vcpu& vcpu = vcpus[turn];
    if (!hyp::prepare(vms[turn], config)) {
        return false;
    }
    reset(vcpu, vms[turn]);
    vcpu.turn = turn;
    vcpu.vectors =
        vectors_for({.faults_are_stamped = config.fault_stamps_at != 0,
                     .interrupts_are_stamped = cpu.stamps != nullptr &&
                                               vms[0].config.routing != InterruptRouting::kStraight,
                     .null_ends_in_vector = config.null_ends_in_vector,
                     .masking_is_watched = vms[0].config.masking_is_watched,
                     .first = turn == 0},
                    cpu.timer_route);
    return true;
}

/// All the state that the first virtual CPU finds.
[[gnu::noinline]] void load_first_state(const Cpu& cpu) {  // a test finds VFP in it by this name
    const Vcpu& vcpu = *cpu.vcpu;
    const Vm& vm = *vcpu.vm;
    load_registers(&vcpu.state.registers);
    if (cpu.scheduler.shares()) {
        load_vfp(vcpu.state.vfp);
    }
    load_timer(vcpu.state.timer);
    cpu::write(cpu::CntpCtl{});
    cpu::write(pmu::Pmuserenr{});
    cpu::write(pmu::Pmintenclr::from(UINT32_MAX));

    set_hyp_state(vcpu);
    cpu::write(mmu::vtcr(vm.config.stage2_start == Stage2Start::kLevel2
                             ? mmu::Stage2Narrow::kGeometry
                             : mmu::Stage2::kGeometry));
    cpu::write(vm.controls.hcptr);
    cpu::write(vm.controls.hstr);
    cpu::write(vm.controls.cnthctl);
    cpu::isb();  // B3.15.5
    // Entries of these VMIDs, or of no stage 2 at all, may be left from earlier guests (B3.10.1).
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::dsb();
    cpu::isb();
}

/// No guest governs from here on.
void take_back() {
    cpu::write(plain_vectors());
    cpu::write(cpu::CnthpCtl{});
    cpu::write(cpu::CntvCtl{});
    cpu::isb();  // quiet before anybody looks (B3.15.5)
    if (inspect != nullptr) {
        inspect();
    }
    cpu::write(cpu::Cntvoff{});
    take_back_gic();
    cpu::write(cpu::Hcr{}.with(cpu::Hcr::kTsc, true));
    cpu::isb();  // B3.15.5
}

}  // namespace

void start(mmu::Pa tables, unsigned frames, bool owns_group0) {
    stage2_pool.start(tables, frames);
    start_gic(guest_core, owns_group0);
    cpu::write(cpu::Vpidr::from(cpu::read<cpu::Midr>().raw));
    cpu::write(cpu::Vmpidr::from(cpu::read<cpu::Mpidr>().raw));
    cpu::write(cpu::Hacr{});
    cpu::write(cpu::Cntvoff{});
    cpu::write(mmu::vtcr(mmu::Stage2::kGeometry));
    cpu::isb();  // ARM DDI 0406C.d, B3.15.5
}

bool watches(InterruptRouting routing) { return watches(guest_core.timer_route, routing); }

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
    stage2_pool.release_all();
    const Reading begin;
    if (!prepare(config, 0) || (companion != nullptr && !prepare(companion->vm, 1))) {
        return std::nullopt;
    }
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    if (companion != nullptr) {
        cpu.scheduler = Scheduler(vcpus[0], vcpus[1],
                                  begin_schedule(companion->policy, companion->slice, start),
                                  companion->ends_in_turn);
    }
    cpu.watchdog = Watchdog(config.patience, start);
    hand_over_gic(cpu);
    load_first_state(cpu);
    arm_timer();
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();  // all of it holds before the guest is entered (B3.15.5)
    const Reading entry;
    enter_guest(config.entry, kEntryPsr.raw, &cpu.stack_pointer);
    const Reading end;
    take_back();
    cpu.stop.costs = {
        .prepare_ticks = entry.ticks - begin.ticks,
        .ticks = end.ticks - entry.ticks,
        .all_instructions = end.all - entry.all,
        .guest_instructions = end.guest - entry.guest,
        .demand_faults = vms[0].demand.faults,
        .table_bytes = stage2_pool.table_bytes(config.stage2_start),
        .masked = cpu.longest_masked,
        .stale_interrupts = cpu.stale_interrupts,
    };
    return cpu.stop;
}

void stop(StopReason reason, std::uint32_t outcome) {
    Cpu& cpu = this_cpu();
    cpu.stop.reason = reason;
    cpu.stop.outcome = outcome;
    cpu.stop.vm = cpu.vcpu->turn;
    std::uint32_t pc;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    cpu.stop.pc = pc;
    leave_guest(static_cast<std::uint32_t>(reason), cpu.stack_pointer);
}

mmu::Pa stage2_root() { return {vms[0].vttbr.get(cpu::Vttbr::kBaddr)}; }

Stage2Memory& stage2_memory() { return stage2_pool.memory(); }

void set_inspector(void (*inspector)()) { inspect = inspector; }

}  // namespace hm::hyp
