// Entering and leaving a guest: all state that the guest finds, and all that is taken back after
// it.

#include <array>
#include <atomic>

#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/core_state.hpp"
#include "hyp/hw/counter_setup.hpp"
#include "hyp/hw/guest_uart.hpp"
#include "hyp/hw/injection.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/pending_abort.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/run.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/thumb_ee.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "hyp/hw/vector_tables.hpp"
#include "hyp/hw/vm.hpp"

extern "C" {
/// Leaves HYP's stack pointer at `stack_pointer`, and returns what leave_guest is given.
std::uint32_t enter_guest(std::uint32_t pc, std::uint32_t cpsr, std::uint32_t* stack_pointer,
                          std::uint32_t r0);
[[noreturn]] void leave_guest(std::uint32_t why, std::uint32_t stack_pointer);
}

namespace hm::hyp {

constinit std::array<Cpu, VmConfig::kMostCpus> cores;

namespace {

constinit std::array<Vm, 2> vms;
/// The first is that of the first VM. The second is its companion's, or the first VM's too.
constinit std::array<Vcpu, 2> vcpus;
void (*inspect)();

/// By core: the virtual CPU that it is to run, or runs; null: none.
constinit std::array<std::atomic<Vcpu*>, VmConfig::kMostCpus> to_run{};
static_assert(std::atomic<Vcpu*>::is_always_lock_free);

/// What a core without a guest holds for one.
constexpr VcpuState kNobody = initial_state({});

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
        turn_vfp_on();
        load_vfp(state.vcpu.vfp);
    }
    clear_thumb_ee(this_cpu());
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

/// No guest has ever been on this core, or so it seems.
void clear_core(const CounterSetup& counters) {
    load_core({.vcpu = kNobody,
               .controls = controls_at_rest(counters.control.get(pmu::Pmcr::kN)),
               .vtcr = mmu::vtcr(mmu::Stage2::kGeometry),
               .vectors = plain_vectors()});
    (void)take_pending_abort();  // the next guest would be stopped for it (B1.8.4, HCR.AMO)
    set_up_counters(counters);
}

/// Before the first guest and after each one: this core, its counters and the GIC are as if no
/// guest had ever been there.
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

// ---- Virtual CPUs with cores of their own -------------------------------------------------------

/// What identifies a guest's CPU, and what HYP sets once on each core.
void set_identity(cpu::Mpidr mpidr) {
    cpu::write(cpu::Vpidr::from(cpu::read<cpu::Midr>().raw));
    cpu::write(cpu::Vmpidr::from(mpidr.raw));
    cpu::write(cpu::Hacr{});
    cpu::write(mmu::vtcr(mmu::Stage2::kGeometry));
    cpu::isb();  // ARM DDI 0406C.d, B3.15.5
}

/// Loads the interrupts of the virtual CPU that this core is about to run, and lets others kick it.
void join(Cpu& cpu) {
    Vm& vm = *cpu.vcpu->vm;
    vm.lock.lock();
    hand_over_gic(cpu);
    if (cpu.vcpu->others != 0 && vm.config.routing != InterruptRouting::kStraight) {
        kick(1U << cpu.number);  // mail may have come since it was off
    }
    vm.power[cpu.vcpu->index] = CpuPower::kOn;
    vm.is_parked[cpu.vcpu->index].store(false, std::memory_order_relaxed);
    vm.lock.unlock();
}

/// From here on `vcpu` can be turned on again.
void set_off(Vcpu& vcpu) {
    Vm& vm = *vcpu.vm;
    vm.lock.lock();
    vm.power[vcpu.index] = CpuPower::kOff;
    vm.lock.unlock();  // which tells those who wait for this core
}

std::uint32_t enter(Cpu& cpu) {
    const VcpuState& state = cpu.vcpu->state;
    return enter_guest(state.pc, state.psr, &cpu.stack_pointer, state.frame.r[0]);
}

/// The VM has stopped: so do its other virtual CPUs. Natively interrupts are the guest's, and each
/// core looks for itself (hyp/hw/turns.cpp).
void end_others(Vm& vm, const Cpu& cpu) {
    if (!vm.ends.exchange(true)) {
        vm.stopped_by = cpu.number;
    }
    if (vm.config.routing != InterruptRouting::kStraight) {
        tell_other(*cpu.vcpu, kLookInMail);
    }
    cpu::send_event();
}

/// The first core's virtual CPU is off, or was when this was called, and another one is not. False
/// where the VM has stopped meanwhile.
[[nodiscard]] bool wait_until_turned_on(Cpu& cpu) {
    Vm& vm = *cpu.vcpu->vm;
    set_off(*cpu.vcpu);
    while (to_run[cpu.number].load(std::memory_order_acquire) == nullptr) {
        if (vm.ends.load(std::memory_order_acquire)) {
            cpu.stop.reason = StopReason::kStoppedByOther;
            return false;
        }
        if (const std::uint64_t time = cpu::read<cpu::Cntpct>().raw;
            cpu.watchdog.has_expired(time)) {
            cpu.stop.reason =
                cpu.watchdog.is_spent(time) ? StopReason::kBudget : StopReason::kWatchdog;
            end_others(vm, cpu);
            return false;
        }
        cpu::wait_for_interrupt();  // a kick, or the HYP timer's; both are masked
        const gic::GiccIar interrupt = acknowledge();
        if (interrupt.get(gic::GiccIar::kIntId) == kKick) {
            end(interrupt);
            deactivate(interrupt);
        }
    }
    to_run[cpu.number].store(nullptr, std::memory_order_relaxed);
    return true;
}

/// Until the VM stops.
void run_first_vcpu(Cpu& cpu) {
    (void)enter(cpu);
    while (cpu.stop.reason == StopReason::kCpuOff && wait_until_turned_on(cpu)) {
        load_first_vcpu(*cpu.vcpu);
        join(cpu);
        (void)enter(cpu);
    }
}

/// The other cores have left their guests, and are clear.
void wait_for_others(const Cpu& cpu) {
    for (std::uint32_t i = 0; i < to_run.size(); ++i) {
        wait_until([&] {
            return i == cpu.number || to_run[i].load(std::memory_order_acquire) == nullptr;
        });
    }
}

/// Natively no kick reaches HYP, so that another core than the first looks now and then whether the
/// VM has stopped. Its watchdog serves as the clock for that: the first core's watches all of them.
constexpr std::uint64_t kTicksBetweenLooks = 1U << 20;

void run_on_this_core(Cpu& cpu, Vcpu& vcpu) {
    const bool native = vcpu.vm->config.stages == Stages::kStage1Only;
    cpu.vcpu = &vcpu;
    cpu.scheduler = Scheduler{};
    cpu.stop = {};
    set_identity(mpidr_of(vcpu));
    load_first_vcpu(vcpu);
    join(cpu);
    if (native) {
        cpu.watchdog = Watchdog(kTicksBetweenLooks, kLongest, cpu::read<cpu::Cntpct>().raw);
        arm_timer();
        cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
        cpu::isb();  // before the guest is entered (B3.15.5)
    }
    (void)enter(cpu);
    cpu::write(plain_vectors());
    cpu::write(cpu::CnthpCtl{});
    cpu::write(cpu::CntvCtl{});
    cpu::isb();  // quiet before it is cleared (B3.15.5)
    clear_core(counter_setup());
    clear_gic_of_core(cpu);
}

// ---- One run ------------------------------------------------------------------------------------

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
    const bool native = vms[0].config.stages == Stages::kStage1Only;
    clear(cpu, counters, native ? Interrupts::kAll : Interrupts::kPrivate);
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

void serve_on_another_core(bool (*is_wanted)()) {
    Cpu& cpu = cores[1];
    cpu::write(cpu::Htpidr::from(reinterpret_cast<std::uint32_t>(&cpu)));
    cpu.timer_route = cores[0].timer_route;
    cpu.list_registers = cores[0].list_registers;
    clear_core(counter_setup());
    clear_gic_of_core(cpu);
    std::atomic<Vcpu*>& next = to_run[cpu.number];
    while (is_wanted()) {
        if (Vcpu* const vcpu = next.load(std::memory_order_acquire)) {
            run_on_this_core(cpu, *vcpu);
            next.store(nullptr, std::memory_order_release);
            set_off(*vcpu);
        } else {
            cpu::wait_for_event();
        }
    }
}

void run_on_own_core(Vcpu& vcpu) {
    to_run[vcpu.index].store(&vcpu, std::memory_order_release);
    if (vcpu.index == 0) {
        kick(1U << vcpu.index);  // it waits for an interrupt
    }
    cpu::send_event();
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
    set_identity(mpidr_of(*cpu.vcpu));
    load_first_vcpu(*cpu.vcpu);
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
    arm_timer();
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();  // all of it holds before the guest is entered (B3.15.5)
    const Reading entry;
    run_first_vcpu(cpu);
    const Reading end;
    const std::uint64_t elapsed = cpu::read<cpu::Cntpct>().raw - start;
    wait_for_others(cpu);
    take_back(cpu, counters);
    const Vm& vm = vms[0];
    if (cpu.stop.reason == StopReason::kStoppedByOther) {
        cpu.stop = cores[vm.stopped_by].stop;
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

void stop(StopReason reason, std::uint32_t outcome) {
    Cpu& cpu = this_cpu();
    cpu.stop.reason = reason;
    cpu.stop.outcome = outcome;
    cpu.stop.vm = cpu.vcpu->vm->number;
    cpu.stop.trap.pc = guest_pc();
    if (has_own_cores(cpu.vcpu->vm->config)) {
        park(cpu);
        end_others(*cpu.vcpu->vm, cpu);
    }
    leave_guest(static_cast<std::uint32_t>(reason), cpu.stack_pointer);
}

void leave(StopReason reason) {
    Cpu& cpu = this_cpu();
    cpu.stop.reason = reason;
    leave_guest(static_cast<std::uint32_t>(reason), cpu.stack_pointer);
}

bool give_to_guest(char c) { return vms[0].uart.give(c); }

mmu::Pa stage2_root(std::uint32_t vm) { return {vms[vm].vttbr.get(cpu::Vttbr::kBaddr)}; }

Stage2Memory& stage2_memory() { return stage2_pool.memory(); }

void set_inspector(void (*inspector)()) { inspect = inspector; }

}  // namespace hm::hyp
