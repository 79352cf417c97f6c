// Entering and leaving a guest: all state that the guest finds, and all that is taken back after
// it.

#include <array>
#include <new>

#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/core_state.hpp"
#include "hyp/hw/counter_setup.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/pending_abort.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
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

/// Writes all of `state` (hyp/core/core_state.hpp). ARM DDI 0406C.d.
[[gnu::noinline]] void load_core(const CoreState& state) {  // a test finds VFP in it by this name
    // What the core walks ahead of need must not start from tables of two guests: first stage 1 is
    // off, then stage 2, then the tables change (B3.10.1, B3.15.5).
    cpu::write(cpu::kResetSctlr);
    cpu::isb();
    cpu::write(kPlainHcr);
    cpu::write(state.controls.hcptr);  // a loader may have left one that keeps VFP from HYP too
    cpu::isb();
    load_registers(&state.vcpu.registers);
    if (machine().has_vfp) {
        load_vfp(state.vcpu.vfp);
    }
    load_timer(state.vcpu.timer);
    cpu::write(state.physical_timer);
    cpu::write(state.physical_deadline);
    cpu::write(cpu::read<cpu::Dbgdscr>().with(cpu::Dbgdscr::kMethodOfEntry, 0));
    cpu::write(state.controls.hdcr);
    cpu::write(state.controls.hstr);
    cpu::write(state.controls.cnthctl);
    cpu::write(state.vttbr);
    cpu::write(state.vtcr);
    cpu::write(state.vectors);
    cpu::isb();  // before stage 2 is on
    cpu::write(state.controls.hcr);
    cpu::isb();
    // Entries of these VMIDs, or of no stage 2 at all, may be left from earlier guests (B3.10.1),
    // and predictions for branches at their addresses (B2.2.9).
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::operate<cpu::kBpiall>();
    cpu::dsb();
    cpu::isb();
}

void load_first_vcpu(const Vcpu& vcpu) {
    const Vm& vm = *vcpu.vm;
    load_core({.vcpu = vcpu.state,
               .controls = vm.controls,
               .vttbr = vm.vttbr,
               .vtcr = mmu::vtcr(vm.config.stage2_start == Stage2Start::kLevel2
                                     ? mmu::Stage2Narrow::kGeometry
                                     : mmu::Stage2::kGeometry),
               .vectors = vcpu.vectors});
}

/// Before the first guest and after each one: this core, its counters and the GIC are as if no
/// guest had ever been there.
void clear(Cpu& cpu, const CounterSetup& counters, Interrupts which) {
    // Of the list, only this is too large for the stack. No virtual CPU is in it now.
    VcpuState& nobody = *new (&vcpus[0].state) VcpuState(initial_state({}));
    load_core({.vcpu = nobody,
               .controls = controls_at_rest(counters.control.get(pmu::Pmcr::kN)),
               .vtcr = mmu::vtcr(mmu::Stage2::kGeometry),
               .vectors = plain_vectors()});
    (void)take_pending_abort();  // the next guest would be stopped for it (B1.8.4, HCR.AMO)
    set_up_counters(counters);
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
    const bool native = vms[0].config.stages == Stages::kStage1Only;
    clear(cpu, counters, native ? Interrupts::kAll : Interrupts::kPrivate);
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
    const CounterSetup counters = counter_setup();
    // The interrupts of the machine are at rest since the last native guest.
    clear(cpu, counters, Interrupts::kPrivate);
    stage2_pool.release_all();
    if (watches(config.routing)) {
        wait_for_a_tick();
    }
    const Reading begin;
    if (!prepare(config, 0) || (companion != nullptr && !prepare(companion->vm, 1))) {
        return std::nullopt;
    }
    hand_over_gic(cpu);
    load_first_vcpu(*cpu.vcpu);
    // Turns and the watchdog count from here: what is done once is not in their time.
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    if (companion != nullptr) {
        cpu.scheduler = Scheduler(vcpus[0], vcpus[1],
                                  begin_schedule(companion->policy, companion->slice, start),
                                  companion->ends_in_turn);
    }
    cpu.watchdog = Watchdog(config.patience, config.budget, start);
    cpu.progress = {};
    arm_timer();
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();  // all of it holds before the guest is entered (B3.15.5)
    const Reading entry;
    enter_guest(config.entry, kEntryPsr.raw, &cpu.stack_pointer);
    const Reading end;
    const std::uint64_t elapsed = cpu::read<cpu::Cntpct>().raw - start;
    take_back(cpu, counters);
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

void stop(StopReason reason, std::uint32_t outcome) {
    Cpu& cpu = this_cpu();
    cpu.stop.reason = reason;
    cpu.stop.outcome = outcome;
    cpu.stop.vm = cpu.vcpu->turn;
    cpu.stop.trap.pc = guest_pc();
    leave_guest(static_cast<std::uint32_t>(reason), cpu.stack_pointer);
}

mmu::Pa stage2_root(std::uint32_t vm) { return {vms[vm].vttbr.get(cpu::Vttbr::kBaddr)}; }

Stage2Memory& stage2_memory() { return stage2_pool.memory(); }

void set_inspector(void (*inspector)()) { inspect = inspector; }

}  // namespace hm::hyp
