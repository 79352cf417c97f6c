// Physical interrupts of the VM that runs: the timer's, which is injected, and maintenance, in
// which what a guest ended without a link is deactivated.

#include "drivers/cpu/hw/nops.hpp"
#include "hyp/hw/injection.hpp"

namespace hm::hyp {

namespace {

/// One injection in so many is lost in an image that proves that this is found
/// (toolchain/image.cmake); none elsewhere.
constexpr std::uint32_t kLosesAt = FAULT_HYP_LOSES;

template <std::uint32_t kEvery>
[[nodiscard]] bool loses_this_one() {
    static std::uint32_t injections;
    ++injections;
    return injections % kEvery == 0;
}

}  // namespace

template <bool kStamped>
[[gnu::always_inline]] inline std::uint32_t* Monitor::interrupt(gic::GiccIar interrupt,
                                                                std::uint64_t count,
                                                                std::uint32_t cycles) {
    if (interrupt.get(gic::GiccIar::kIntId) == board::kVirtualTimerInterrupt) [[likely]] {
        if constexpr (kStamped) {
            hyp_stamps->acknowledged = cpu::read<pmu::Pmccntr>().raw;
            cpu::nops<NOPS_HYP_INJECT>();
            hyp_stamps->vector_count = static_cast<std::uint32_t>(count);
            hyp_stamps->vector = cycles;
        }
        if constexpr (kLosesAt != 0) {
            if (loses_this_one<kLosesAt>()) {
                end(interrupt);
                return &hyp_stamps->guest_return;
            }
        }
        inject<kStamped>(current_->vgic, interrupt);
        return kStamped ? &hyp_stamps->guest_return : nullptr;
    }
    if constexpr (kStamped) {
        hyp_stamps->maintenance_vector = cycles;
        cpu::nops<NOPS_MAINTENANCE>();
    }
    other_interrupt(interrupt);
    return kStamped ? &hyp_stamps->maintenance_return : nullptr;
}

void Monitor::maintain_list_registers() {
    Vgic& vgic = current_->vgic;
    std::uint32_t eisr = reg::Mmio::read(board::kGich + gic::gich::kEisr0);
    for (auto ended = next_ended(vgic, eisr); ended; ended = next_ended(vgic, eisr)) {
        write_list_register(ended->clear);
        deactivate(gic::GiccIar{}.with(gic::GiccIar::kIntId, ended->id));
        eisr &= eisr - 1;
    }
    if (wants_underflow_interrupt(vgic)) {
        while (const auto write = plan_refill(vgic, empty_list_registers())) {
            write_list_register(*write);
        }
        ask_for_underflow_interrupt(wants_underflow_interrupt(vgic));
    }
}

void Monitor::other_interrupt(gic::GiccIar interrupt) {
    const gic::IntId id = interrupt.get(gic::GiccIar::kIntId);
    if (id >= gic::kFirstSpecial) {
        return;
    }
    if (id == board::kMaintenanceInterrupt) {
        maintain_list_registers();
    }
    end(interrupt);
    deactivate(interrupt);
}

/// Where the HYP timer comes as an IRQ too. A second VM's interrupts are not stamped.
template <bool kStamped>
std::uint32_t* Monitor::interrupt_or_tick(TrapFrame& frame, std::uint64_t count,
                                          std::uint32_t cycles) {
    const gic::GiccIar interrupt = acknowledge();
    if (interrupt.get(gic::GiccIar::kIntId) == board::kHypTimerInterrupt) {
        end(interrupt);
        return tick(frame, count, cycles, kStamped ? hyp_stamps : nullptr);
    }
    if (kStamped && current_ == &vms_[0]) {
        return this->interrupt<kStamped>(interrupt, count, cycles);
    }
    (void)this->interrupt<false>(interrupt, 0, 0);
    return &unwanted_stamp;
}

extern "C" void hyp_irq() { (void)monitor.interrupt<false>(acknowledge(), 0, 0); }
extern "C" std::uint32_t* hyp_irq_stamped(TrapFrame*, std::uint32_t cycles, std::uint64_t count) {
    return monitor.interrupt<true>(acknowledge(), count, cycles);
}
extern "C" void hyp_irq_or_tick(TrapFrame* frame) {
    (void)monitor.interrupt_or_tick<false>(*frame, cpu::read<cpu::Cntpct>().raw, 0);
}
extern "C" std::uint32_t* hyp_irq_or_tick_stamped(TrapFrame* frame, std::uint32_t cycles,
                                                  std::uint64_t count) {
    return monitor.interrupt_or_tick<true>(*frame, count, cycles);
}
extern "C" void hyp_irq_ends_vector_only() {
    cpu::write(monitor.vectors());
    cpu::isb();  // before the next exception is taken (ARM DDI 0406C.d, B3.15.5)
    hyp_irq();
}

}  // namespace hm::hyp
