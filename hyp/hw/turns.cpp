// Two virtual CPUs on one core: the HYP timer's interrupt, which is also the watchdog's, and the
// switch.

#include "hyp/hw/turns.hpp"

#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/nops.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "hyp/hw/guest_uart.hpp"
#include "hyp/hw/injection.hpp"
#include "hyp/hw/interrupts.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/thumb_ee.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

/// Physical interrupts that belong to the virtual CPU that runs.
constexpr std::uint32_t kOwnedInterrupts = 1U << board::kVirtualTimerInterrupt;

std::uint64_t now() { return cpu::read<cpu::Cntpct>().raw; }

/// A VM that was boosted gives the core back when it waits.
[[gnu::always_inline]] inline void set_hcr(const Cpu& cpu, const Vm& vm) {
    const auto boosted = cpu::Hcr{}.with(cpu::Hcr::kTwi, cpu.scheduler.boosts());
    cpu::write(cpu::Hcr::from(vm.controls.hcr.raw | boosted.raw));
}

/// What changes at few switches. VTTBR is written.
[[gnu::noinline, gnu::cold]] void switch_rare_state(Cpu& cpu, Vcpu& vcpu) {
    // Otherwise the VMID keeps entries of one VM from being the other's (ARM DDI 0406C.d, B3.10.1).
    // Virtual CPUs of one VM have the same, and each thinks that its TLBs are its own, and its
    // branch predictors (B2.2.9).
    if (vcpu.needs_own_tlb) {
        cpu::write(cpu::Vmpidr::from(mpidr_of(vcpu).raw));
        vcpu.waits = false;  // it runs
        cpu::isb();
        cpu::operate<cpu::kTlbiallnsnh>();
        cpu::operate<cpu::kBpiall>();
        cpu::dsb();
    }
    if (cpu.thumb_ee_of != (vcpu.thumb_ee.used ? &vcpu : nullptr)) {
        switch_thumb_ee(cpu, vcpu);
    }
}

/// Loads what governs PL1 and PL0 from HYP while `vcpu` runs.
[[gnu::always_inline]] inline void set_hyp_state(Cpu& cpu, Vcpu& vcpu) {
    const Vm& vm = *vcpu.vm;
    cpu::write(vm.vttbr);
    if (vcpu.has_rare_state) [[unlikely]] {
        switch_rare_state(cpu, vcpu);
    }
    set_hcr(cpu, vm);
    cpu::write(vm.controls.hdcr);
    cpu::write(vcpu.vectors);
}

/// `stamps`: where the first VM's go; null for a switch that no interrupt of it waits for.
[[gnu::noinline]] void switch_to(Cpu& cpu, TrapFrame& frame, Vcpu& to, measure::HypStamps* stamps) {
    Vcpu& from = *cpu.vcpu;
    save_vcpu(from.state, frame, kOwnedInterrupts, cpu.list_registers);
    from.deadline = deadline_of(from.state.timer, from.state.interrupts.active != 0);
    if (stamps != nullptr) [[unlikely]] {
        stamps->switched_out = pmu::stamp();
        cpu::nops<NOPS_HYP_SWITCH_IN>();
    }
    cpu.vcpu = &to;
    set_hyp_state(cpu, to);
    if (from.signals_timer != to.signals_timer) [[unlikely]] {
        signal_timer_interrupt(to);
    }
    load_vcpu(to.state, frame);
}

/// The one that runs now slept when its deadline passed: its timer, which is its own again, asserts
/// the interrupt, and it is presented before the guest goes on. Nothing is lost where the GIC has
/// not seen the level yet: the interrupt is then taken as soon as the guest runs.
[[gnu::always_inline]] inline bool present_what_was_slept_through(Cpu& cpu,
                                                                  measure::HypStamps* stamps) {
    const gic::GiccIar interrupt = acknowledge();
    if (interrupt.get(gic::GiccIar::kIntId) != board::kVirtualTimerInterrupt) [[unlikely]] {
        other_interrupt(interrupt);
        return false;
    }
    if (stamps == nullptr) {
        inject<false, true>(cpu, interrupt);
        return true;
    }
    stamps->acknowledged = pmu::stamp();
    cpu::nops<NOPS_HYP_INJECT>();
    inject<true, true>(cpu, interrupt);
    stamps->deferred = stamps->sequence;
    return true;
}

/// Gives the core to `next`, whose deadline has passed; true where it was presented an interrupt.
[[gnu::noinline]] bool wake_up(Cpu& cpu, TrapFrame& frame, Vcpu& next, measure::HypStamps* stamps) {
    if (stamps != nullptr) {
        pmu::physical_count_and_cycles(stamps->scheduled_count, stamps->scheduled);
        cpu::nops<NOPS_HYP_SWITCH_OUT>();
    }
    switch_to(cpu, frame, next, stamps);
    cpu::isb();  // its timer is on before its interrupt is acknowledged (B3.15.5)
    if (stamps != nullptr) {
        stamps->switched_in = pmu::stamp();
        cpu::nops<NOPS_HYP_SWITCHED>();
    }
    next.deadline_seen = false;
    return present_what_was_slept_through(cpu, stamps);
}

/// Gives the core to the one that the schedule says; true where it was presented an interrupt.
[[gnu::always_inline]] inline bool follow_schedule(Cpu& cpu, TrapFrame& frame,
                                                   const StampedEntry* stamped) {
    Vcpu& next = cpu.scheduler.chosen();
    if (&next == cpu.vcpu) {
        set_hcr(cpu, *next.vm);  // a boost may have become a window of its own
        return false;
    }
    if (next.deadline_seen) {
        // The switch is stamped where an interrupt of the first VM waits for it.
        const bool is_stamped = stamped != nullptr && next.turn == 0;
        return wake_up(cpu, frame, next, is_stamped ? stamped->stamps : nullptr);
    }
    switch_to(cpu, frame, next, nullptr);
    return false;
}

/// Sets the HYP timer to the earliest deadline of all who use it. `turn`: the scheduler's.
[[gnu::always_inline]] inline void arm(const Cpu& cpu, std::uint64_t turn) {
    cpu::write(cpu::CnthpCval::from(std::min(turn, cpu.watchdog.deadline())));
    cpu::isb();  // its level falls before its interrupt is deactivated (B3.15.5)
}

/// The HYP timer's FIQ. After it other interrupts can be acknowledged. False: it is over already.
[[gnu::always_inline]] inline bool take_timer_fiq(const Cpu& cpu) {
    if (cpu.timer_route == TimerRoute::kFiq) [[likely]] {
        const gic::GiccIar interrupt = acknowledge();
        if (interrupt.get(gic::GiccIar::kIntId) >= gic::kFirstSpecial) {
            return false;
        }
        // The running priority drops. Where two share the core, the interrupt stays active until
        // its timer is armed anew and its level has fallen.
        drop_priority(interrupt);
        return true;
    }
    if (!cpu::read<cpu::CnthpCtl>().get(cpu::CnthpCtl::kIstatus)) {
        return false;
    }
    // Non-secure state cannot acknowledge Group 0 (ARM IHI 0048B, 4.4.4): the level falls
    // instead, before FIQs are taken again (B3.15.5).
    cpu::write(cpu::CnthpCval::from(kNever));
    cpu::isb();
    return true;
}

/// The guest that runs was presented an interrupt, of whichever kind, and has not ended it.
bool has_interrupt_in_hand(const Cpu& cpu) {
    return (cpu.list_registers & ~empty_list_registers()) != 0;
}

/// On another core than the first, whose watchdog is only a clock (hyp/hw/own_cores.cpp).
void look_whether_the_vm_ends(Cpu& cpu, std::uint64_t time) {
    if (cpu.vcpu->vm->ends.load(std::memory_order_relaxed)) {
        leave(Left::kStoppedByOther);
    }
    cpu.watchdog.push_away(time);
    arm_timer();
    reg::Mmio bus;
    gic::Distributor<reg::Mmio>(bus, board::kGicd).deactivate(board::kHypTimerInterrupt);
}

/// What follows from the time where two share the core; true where the guest that runs now was
/// presented an interrupt.
[[gnu::always_inline]] inline bool take_turns(Cpu& cpu, TrapFrame& frame, std::uint64_t time,
                                              const StampedEntry* stamped) {
    Scheduler& scheduler = cpu.scheduler;
    const bool in_own_window = !scheduler.boosts();
    if (scheduler.on_time(time)) {
        cpu.vcpu = &scheduler.first();
        stop(StopReason::kFinished, cpu.stop.outcome);
    }
    // Once: a handler that never ends must not keep the core from the other.
    if (scheduler.ends_window_of(*cpu.vcpu) && in_own_window && has_interrupt_in_hand(cpu)) {
        scheduler.on_interrupt_in_hand(*cpu.vcpu, time);
    }
    Vcpu& asleep = scheduler.other_than(*cpu.vcpu);
    if (scheduler.wakes(asleep, time) && stamped != nullptr && asleep.turn == 0) {
        stamped->stamps->vector_count = static_cast<std::uint32_t>(time);
        stamped->stamps->vector = stamped->cycles;
    }
    return follow_schedule(cpu, frame, stamped);
}

}  // namespace

void signal_timer_interrupt(const Vcpu& vcpu) {
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> distributor(bus, board::kGicd);
    if (vcpu.signals_timer) {
        distributor.enable(board::kVirtualTimerInterrupt);
    } else {
        distributor.disable(board::kVirtualTimerInterrupt);
    }
}

void arm_timer() {
    const Cpu& cpu = this_cpu();
    arm(cpu, std::min(cpu.scheduler.deadline(*cpu.vcpu), cpu.next_look));
}

void push_watchdog_away() {
    Cpu& cpu = this_cpu();
    cpu.watchdog.push_away(now());
    if (!cpu.scheduler.shares()) {
        arm_timer();  // otherwise the end of the turn comes before that
    }
}

std::uint32_t* tick(TrapFrame& frame, const StampedEntry* stamped, std::uint64_t time) {
    Cpu& cpu = this_cpu();
    if (cpu.watchdog.has_expired(time)) [[unlikely]] {
        if (cpu.number != 0) {
            look_whether_the_vm_ends(cpu, time);
            return &cpu.unwanted_stamp;
        }
        cpu::write(cpu::CnthpCtl{});
        cpu::isb();  // its level falls before other vectors watch (B3.15.5)
        stop(cpu.watchdog.is_spent(time) ? StopReason::kBudget : StopReason::kWatchdog);
    }
    std::uint32_t* stamp = &cpu.unwanted_stamp;
    std::uint64_t turn = kNever;
    if (cpu.scheduler.shares()) {
        if (take_turns(cpu, frame, time, stamped) && stamped != nullptr) {
            stamp = &stamped->stamps->guest_return;
        }
        turn = cpu.scheduler.next_deadline(*cpu.vcpu);
    } else if (cpu.next_look != kNever) [[unlikely]] {
        take_input(cpu, time);
        turn = cpu.next_look;
    }
    arm(cpu, turn);
    reg::Mmio bus;
    gic::Distributor<reg::Mmio>(bus, board::kGicd).deactivate(board::kHypTimerInterrupt);
    return stamp;
}

/// Where the run ends in turn, the first VM asks again until its window is over, and gives a boost
/// back.
void finish(TrapFrame& frame) {
    Cpu& cpu = this_cpu();
    if (!cpu.scheduler.ends_in_turn() || cpu.vcpu->vm->number != 0) {
        stop(StopReason::kFinished, frame.r[0]);
    }
    cpu.scheduler.on_finish();
    cpu.stop.outcome = frame.r[0];
    if (cpu.scheduler.boosts()) {
        yield(frame);
    }
}

namespace {

/// A pending interrupt of the virtual CPU that runs would end its wait at once (B1.8.14).
bool has_pending_interrupt(const Cpu& cpu) {
    for (std::uint32_t rest = cpu.list_registers & ~empty_list_registers(); rest != 0;
         rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        if (is_pending(gic::ListRegister::from(reg::Mmio::read(board::kGich + gic::gich::lr(i))))) {
            return true;
        }
    }
    return false;
}

/// A guest that has the core to itself waits here, in HYP; its interrupt is taken when it goes on.
void wait_in_hyp() {
    cpu::dsb();  // what the guest wrote is seen by others while it waits (A3.8.3)
    cpu::wait_for_interrupt();
}

/// Virtual CPUs of one VM: the other gets the core, unless it waits too.
void wait_beside_another(Cpu& cpu, TrapFrame& frame) {
    if (has_pending_interrupt(cpu)) {
        return;
    }
    Vcpu& self = *cpu.vcpu;
    self.waits = true;
    if (!cpu.scheduler.other_than(self).waits) {
        yield(frame);
        return;
    }
    wait_in_hyp();
    self.waits = false;
}

}  // namespace

void wait(TrapFrame& frame) {
    Cpu& cpu = this_cpu();
    if (!cpu.scheduler.shares()) {
        wait_in_hyp();
    } else if (shares_one_core(cpu.vcpu->vm->config)) {
        wait_beside_another(cpu, frame);
    } else {
        yield(frame);
    }
}

void take_turns_with(Cpu& cpu, Vcpu& vcpu) {
    Vm& vm = *vcpu.vm;
    cpu.scheduler =
        Scheduler(*vm.cpus[0], *vm.cpus[1],
                  begin_schedule(Policy::kBoosted, vm.config.slice, now(), cpu.vcpu->turn), false);
    arm_timer();
}

void have_core_alone(Cpu& cpu) {
    cpu.scheduler = Scheduler{};
    arm_timer();
}

void yield(TrapFrame& frame) {
    Cpu& cpu = this_cpu();
    Scheduler& scheduler = cpu.scheduler;
    if (!scheduler.shares()) {
        return;
    }
    const std::uint64_t time = now();
    const bool moves_window = scheduler.boosts();
    scheduler.on_yield(time);
    const Vcpu& from = *cpu.vcpu;
    Vcpu& to = scheduler.chosen();
    // What the other slept through is taken as soon as it runs, through the vector that stamps it.
    to.deadline_seen = false;
    switch_to(cpu, frame, to, nullptr);
    // The HYP timer waits for the end of the window and for the deadline of the one that sleeps.
    if (moves_window || from.deadline != to.deadline) [[unlikely]] {
        arm_timer();
    }
}

extern "C" void hyp_fiq(TrapFrame* frame) {
    if (take_timer_fiq(this_cpu())) {
        (void)tick(*frame, nullptr, now());
    }
}
extern "C" std::uint32_t* hyp_fiq_stamped(TrapFrame* frame, std::uint32_t cycles,
                                          std::uint64_t count) {
    Cpu& cpu = this_cpu();
    const StampedEntry stamped{.stamps = cpu.stamps, .cycles = cycles};
    return take_timer_fiq(cpu) ? tick(*frame, &stamped, count) : &cpu.unwanted_stamp;
}

}  // namespace hm::hyp
