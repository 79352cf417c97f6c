// Two VMs on one core: the HYP timer's interrupt, which is the watchdog's too, and the VM switch.

#include <algorithm>

#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/nops.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "hyp/hw/injection.hpp"
#include "hyp/hw/vm_switch.hpp"

namespace hm::hyp {

namespace {

/// Physical interrupts that belong to the VM which runs.
constexpr std::uint32_t kOwnedInterrupts = 1U << board::kVirtualTimerInterrupt;

[[gnu::always_inline]] inline std::uint32_t cycles_now() { return cpu::read<pmu::Pmccntr>().raw; }

std::uint64_t now() { return cpu::read<cpu::Cntpct>().raw; }

}  // namespace

/// What governs PL1 and PL0 from HYP. A VM that was boosted gives the core back when it waits.
void Monitor::set_hyp_state(const VmContext& context) const {
    cpu::write(context.vttbr);
    // Elsewhere it is by the VMID that entries of one VM are not the other's (ARM DDI 0406C.d,
    // B3.10.1).
    if (!machine().tells_vmids_apart) [[unlikely]] {
        cpu::isb();
        cpu::operate<cpu::kTlbiallnsnh>();
        cpu::dsb();
    }
    cpu::write(context.entry.hcr.with(cpu::Hcr::kTwi,
                                      context.vm.traps_wfi || (sharing_ && schedule_.boosted)));
    cpu::write(context.entry.hdcr);
    cpu::write(context.vectors);
}

void Monitor::arm_timer() {
    std::uint64_t at = watchdog_at_;
    if (sharing_) {
        at = std::min(at, next_event(schedule_));
        at = std::min(at, sleeper().deadline);
    }
    cpu::write(cpu::CnthpCval::from(at));
    cpu::isb();  // its level falls before its interrupt is deactivated (B3.15.5)
}

void Monitor::push_watchdog_away() {
    watchdog_at_ = now() + vms_[0].vm.patience;
    if (!sharing_) {
        arm_timer();  // else the next turn's end is not later than that
    }
}

/// `stamps`: where the first VM's go; null for a switch that no interrupt of it waits for.
[[gnu::always_inline]] inline void Monitor::switch_to(VmContext& to, TrapFrame& frame,
                                                      measure::HypStamps* stamps) {
    VmContext& from = *current_;
    save_vm(from.state, frame, kOwnedInterrupts, list_registers_);
    from.deadline = deadline_of(from.state.timer, from.state.interrupts.active != 0);
    if (stamps != nullptr) {
        stamps->switched_out = cycles_now();
        cpu::nops<NOPS_HYP_SWITCH_IN>();
    }
    current_ = &to;
    set_hyp_state(to);
    if (from.signals_owned != to.signals_owned) {
        signal_owned_interrupts();
    }
    load_vm(to.state, frame);
}

/// The physical distributor signals the timer's interrupt where the emulated one does.
void Monitor::signal_owned_interrupts() const {
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> distributor(bus, board::kGicd);
    if (current_->signals_owned) {
        distributor.enable(board::kVirtualTimerInterrupt);
    } else {
        distributor.disable(board::kVirtualTimerInterrupt);
    }
}

/// The VM that runs now slept when its deadline passed: its timer, which is its own again, asserts
/// the interrupt, and it is presented before the VM goes on. Nothing is lost where the GIC has not
/// seen the level yet: the interrupt is then taken as soon as the VM runs.
[[gnu::always_inline]] inline bool Monitor::present_what_was_slept_through(
    measure::HypStamps* stamps) {
    const gic::GiccIar interrupt = acknowledge();
    if (interrupt.get(gic::GiccIar::kIntId) != board::kVirtualTimerInterrupt) [[unlikely]] {
        other_interrupt(interrupt);
        return false;
    }
    if (stamps == nullptr) {
        inject<false, true>(current_->vgic, interrupt);
        return true;
    }
    stamps->acknowledged = cycles_now();
    cpu::nops<NOPS_HYP_INJECT>();
    inject<true, true>(current_->vgic, interrupt);
    stamps->deferred = stamps->sequence;
    return true;
}

/// Gives the core to whom the schedule says; true where that VM was presented an interrupt.
bool Monitor::follow_schedule(TrapFrame& frame, measure::HypStamps* stamps) {
    VmContext& next = vms_[schedule_.running];
    if (&next == current_) {
        set_hyp_state(next);  // a boost may have become a window of its own
        return false;
    }
    if (stamps != nullptr) {
        pmu::physical_count_and_cycles(stamps->scheduled_count, stamps->scheduled);
        cpu::nops<NOPS_HYP_SWITCH_OUT>();
    }
    switch_to(next, frame, stamps);
    if (!next.deadline_seen) {
        return false;
    }
    if (stamps != nullptr) {
        stamps->switched_in = cycles_now();
        cpu::nops<NOPS_HYP_SWITCHED>();
    }
    next.deadline_seen = false;
    return present_what_was_slept_through(stamps);
}

/// The HYP timer's FIQ. After it other interrupts can be acknowledged.
std::uint32_t* Monitor::timer_fiq(TrapFrame& frame, std::uint64_t time, std::uint32_t cycles,
                                  measure::HypStamps* stamps) {
    if (route_ == TimerRoute::kFiq) {
        const gic::GiccIar interrupt = acknowledge();
        if (interrupt.get(gic::GiccIar::kIntId) >= gic::kFirstSpecial) {
            return &unwanted_stamp;
        }
        // The running priority drops; where two VMs share the core the interrupt stays active until
        // its timer is armed anew and its level has fallen.
        drop_priority(interrupt);
    } else {
        if (!cpu::read<cpu::CnthpCtl>().get(cpu::CnthpCtl::kIstatus)) {
            return &unwanted_stamp;
        }
        // Non-secure state cannot acknowledge Group 0 (ARM IHI 0048B, 4.4.4): the level falls
        // instead, before FIQs are taken again (B3.15.5).
        cpu::write(cpu::CnthpCval::from(kNever));
        cpu::isb();
    }
    return tick(frame, time, cycles, stamps);
}

std::uint32_t* Monitor::tick(TrapFrame& frame, std::uint64_t time, std::uint32_t cycles,
                             measure::HypStamps* stamps) {
    reg::Mmio bus;
    if (time >= watchdog_at_) {
        cpu::write(cpu::CnthpCtl{});
        cpu::isb();  // its level falls before other vectors watch (B3.15.5)
        stop(StopReason::kWatchdog);
    }
    bool presented = false;
    if (sharing_) {
        VmContext& asleep = sleeper();
        const bool was_theirs = schedule_.window != 0;
        on_time(schedule_, time);
        if (finished_ && was_theirs && schedule_.window == 0) {
            current_ = &vms_[0];
            stop(StopReason::kFinished, stop_.outcome);
        }
        if (asleep.deadline <= time) {
            asleep.deadline = kNever;
            asleep.deadline_seen = true;
            const std::uint32_t vm = &asleep == &vms_[0] ? 0 : 1;
            on_deadline(schedule_, vm, time);
            if (stamps != nullptr && vm == 0) {
                stamps->vector_count = static_cast<std::uint32_t>(time);
                stamps->vector = cycles;
            }
        }
        // The switch is stamped where an interrupt of the first VM waits for it.
        const bool waited_for = schedule_.running == 0 && vms_[0].deadline_seen;
        presented = follow_schedule(frame, waited_for ? stamps : nullptr);
    }
    arm_timer();
    gic::Distributor<reg::Mmio>(bus, board::kGicd).deactivate(board::kHypTimerInterrupt);
    return presented && stamps != nullptr ? &stamps->guest_return : &unwanted_stamp;
}

/// The VM that runs has finished, with its outcome in r0. Where it ends in turn, it asks again
/// until its window is over, and gives a boost back.
void Monitor::finish(TrapFrame& frame) {
    if (!ends_in_turn_ || current_ != &vms_[0]) {
        stop(StopReason::kFinished, frame.r0_to_r3[0]);
    }
    finished_ = true;
    stop_.outcome = frame.r0_to_r3[0];
    if (schedule_.boosted) {
        wait(frame);
    }
}

/// The VM that runs has nothing to do. Alone it waits here, in HYP; its interrupt is taken when it
/// goes on.
void Monitor::wait(TrapFrame& frame) {
    if (!sharing_) {
        cpu::dsb();   // what the guest wrote is seen by others while it waits (A3.8.3)
        (void)now();  // as in the guest's own idle loop
        cpu::wait_for_interrupt();
        return;
    }
    on_yield(schedule_, now());
    // What the other slept through is taken as soon as it runs, through the vector that stamps it.
    vms_[schedule_.running].deadline_seen = false;
    (void)follow_schedule(frame, nullptr);
    arm_timer();
}

extern "C" void hyp_fiq(TrapFrame* frame) { (void)monitor.timer_fiq(*frame, now(), 0, nullptr); }
extern "C" std::uint32_t* hyp_fiq_stamped(TrapFrame* frame, std::uint32_t cycles,
                                          std::uint64_t count) {
    return monitor.timer_fiq(*frame, count, cycles, hyp_stamps);
}

}  // namespace hm::hyp
