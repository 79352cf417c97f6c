// Physical interrupts of the guest that runs: the timer's and those of passed devices, which are
// injected, and maintenance, in which what the guest ended without a link is deactivated.

#include "hyp/hw/interrupts.hpp"

#include "drivers/cpu/hw/nops.hpp"
#include "hyp/hw/injection.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"

/// One injection in so many is lost. Only the image with faults has it, and a test writes it into
/// its file.
extern "C" {
std::uint32_t fault_hyp_loses = UINT32_MAX;
}

namespace hm::hyp {

namespace {

/// Whether this is the image in which an injection can be lost, to prove that this is found
/// (toolchain/image.cmake).
constexpr bool kHasFaults = HYPMETER_FAULTS != 0;

[[nodiscard]] bool loses_this_one() {
    static std::uint32_t injections;
    ++injections;
    return injections % fault_hyp_loses == 0;
}

/// The timer's level falls a while after the guest has turned it off. What was acknowledged in
/// between is no interrupt of the guest's.
[[gnu::noinline, gnu::cold]] void drop_stale(Cpu& cpu, gic::GiccIar interrupt) {
    end(interrupt);
    deactivate(interrupt);
    ++cpu.stale_interrupts;
}

/// Another core has kicked this one: it has sent an SGI for the virtual CPU here, or something
/// else.
[[gnu::noinline]] void serve_kick(Cpu& cpu, gic::GiccIar interrupt) {
    end(interrupt);
    deactivate(interrupt);
    Vcpu& vcpu = *cpu.vcpu;
    const std::uint32_t mail = vcpu.mail.exchange(0, std::memory_order_acquire);
    if (vcpu.quick.free_bit != 0) [[likely]] {
        const auto sgi =
            quick_sgi_from(1 - vcpu.index, mail, vcpu.vm->gic.ctlr, *vcpu.own_gic,
                           {.all = cpu.list_registers, .free = empty_list_registers()});
        if (sgi) [[likely]] {
            reg::Mmio::write(board::kGich + gic::gich::lr(sgi->place), sgi->word.raw);
            return;
        }
    }
    serve_mail(cpu, mail);
}

/// Returns where PMCCNTR goes at the end; without stamps, anything. `count` and `cycles` are CNTPCT
/// and PMCCNTR as the vector read them.
template <bool kStamped>
[[gnu::always_inline]] inline std::uint32_t* take(Cpu& cpu, gic::GiccIar interrupt,
                                                  std::uint64_t count, std::uint32_t cycles) {
    if (interrupt.get(gic::GiccIar::kIntId) == board::kVirtualTimerInterrupt) [[likely]] {
        if (!cpu::asserts(cpu::read<cpu::CntvCtl>())) [[unlikely]] {
            drop_stale(cpu, interrupt);
            return &cpu.unwanted_stamp;
        }
        if constexpr (kStamped) {
            cpu.stamps->acknowledged = pmu::stamp();
            cpu::nops<NOPS_HYP_INJECT>();
            cpu.stamps->vector_count = static_cast<std::uint32_t>(count);
            cpu.stamps->vector = cycles;
        }
        if constexpr (kHasFaults) {
            if (loses_this_one()) {
                end(interrupt);
                return &cpu.stamps->guest_return;
            }
        }
        inject<kStamped>(cpu, interrupt);
        return kStamped ? &cpu.stamps->guest_return : nullptr;
    }
    if (interrupt.get(gic::GiccIar::kIntId) == kKick) {
        serve_kick(cpu, interrupt);  // which may not come back
        return &cpu.unwanted_stamp;
    }
    if constexpr (kStamped) {
        cpu.stamps->maintenance_vector = cycles;
        cpu::nops<NOPS_MAINTENANCE>();
    }
    other_interrupt(interrupt);
    return kStamped ? &cpu.stamps->maintenance_return : nullptr;
}

/// The timer's interrupt has ended without a link, and nothing else has happened: nothing waits
/// where quick injection is allowed.
[[nodiscard]] bool only_timer_ended(const QuickInjection& quick) {
    return quick.free_bit != 0 &&
           reg::Mmio::read(board::kGich + gic::gich::kEisr0) == quick.free_bit &&
           ListRegister::from(reg::Mmio::read(board::kGich + quick.lr_address))
                   .get(ListRegister::kVirtualId) == board::kVirtualTimerInterrupt;
}

void maintain_list_registers() {
    Cpu& cpu = this_cpu();
    const QuickInjection& quick = cpu.vcpu->quick;
    if (only_timer_ended(quick)) [[likely]] {
        reg::Mmio::write(board::kGich + quick.lr_address, 0);
        deactivate(gic::GiccIar{}.with(gic::GiccIar::kIntId, board::kVirtualTimerInterrupt));
        return;
    }
    const RunningGic gic(cpu, Reach::kOwn);
}

/// The one with this physical interrupt; null if there is none.
[[nodiscard]] const Vm::Passed* passed_with(const Vm& vm, gic::IntId physical) {
    for (std::uint32_t i = 0; i < vm.passed_count; ++i) {
        if (vm.passed[i].physical == physical) {
            return &vm.passed[i];
        }
    }
    return nullptr;
}

/// The guest's own device interrupts it.
void take_passed(Cpu& cpu, const Vm::Passed& passed) {
    const Vcpu& vcpu = *cpu.vcpu;
    if (vcpu.quick.free_bit != 0) [[likely]] {
        const auto taken = quick_take(*vcpu.own_gic, passed.word,
                                      {.all = cpu.list_registers, .free = empty_list_registers()});
        if (taken) [[likely]] {
            reg::Mmio::write(board::kGich + gic::gich::lr(taken->place), taken->word.raw);
            return;
        }
    }
    RunningGic(cpu, Reach::kOwn)->take(vcpu.index, passed.interrupt);
}

/// Where the HYP timer comes as an IRQ too. A second VM's interrupts are not stamped.
template <bool kStamped>
std::uint32_t* take_or_tick(TrapFrame& frame, std::uint64_t count, std::uint32_t cycles) {
    Cpu& cpu = this_cpu();
    const gic::GiccIar interrupt = acknowledge();
    if (interrupt.get(gic::GiccIar::kIntId) == board::kHypTimerInterrupt) {
        end(interrupt);
        const StampedEntry stamped{.stamps = cpu.stamps, .cycles = cycles};
        return tick(frame, kStamped ? &stamped : nullptr, count);
    }
    if (kStamped && cpu.vcpu->turn == 0) {
        return take<kStamped>(cpu, interrupt, count, cycles);
    }
    (void)take<false>(cpu, interrupt, 0, 0);
    return &cpu.unwanted_stamp;
}

}  // namespace

void inject_by_priority(Cpu& cpu) {
    RunningGic(cpu, Reach::kOwn)->take(cpu.vcpu->index, board::kVirtualTimerInterrupt);
}

void inject_by_priority_and_end(Cpu& cpu, gic::GiccIar interrupt) {
    inject_by_priority(cpu);
    end(interrupt);
}

void other_interrupt(gic::GiccIar interrupt) {
    const gic::IntId id = interrupt.get(gic::GiccIar::kIntId);
    if (id >= gic::kFirstSpecial) {
        return;
    }
    if (id == board::kMaintenanceInterrupt) {
        maintain_list_registers();
    } else if (const auto* const passed = passed_with(*this_cpu().vcpu->vm, id)) {
        take_passed(this_cpu(), *passed);
        end(interrupt);
        return;
    }
    end(interrupt);
    deactivate(interrupt);
}

extern "C" void hyp_irq() { (void)take<false>(this_cpu(), acknowledge(), 0, 0); }
extern "C" std::uint32_t* hyp_irq_stamped(TrapFrame*, std::uint32_t cycles, std::uint64_t count) {
    return take<true>(this_cpu(), acknowledge(), count, cycles);
}
extern "C" void hyp_irq_or_tick(TrapFrame* frame) {
    (void)take_or_tick<false>(*frame, cpu::read<cpu::Cntpct>().raw, 0);
}
extern "C" std::uint32_t* hyp_irq_or_tick_stamped(TrapFrame* frame, std::uint32_t cycles,
                                                  std::uint64_t count) {
    return take_or_tick<true>(*frame, count, cycles);
}

}  // namespace hm::hyp
