// What a guest asks of the monitor: hypercalls, pages on demand, the emulated distributor.
// Everything else stops it.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/trap_frame.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"

extern "C" const char hyp_vectors_only[];

namespace hm::hyp {

namespace {

[[gnu::always_inline]] inline Hpfar fault_page() {
    return Hpfar::from(cpu::read<cpu::HpfarRegister>().raw);
}

/// Steps over the trapped instruction. Only for A32 and 32-bit Thumb outside of IT blocks, which is
/// all that reaches it: an instruction in an IT block that is emulated would have to move ITSTATE
/// too.
void step_over(Hsr hsr) {
    std::uint32_t pc;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    pc += instruction_bytes(hsr);
    asm volatile("msr elr_hyp, %0" : : "r"(pc));
}

}  // namespace

[[gnu::always_inline]] inline void Monitor::hypercall(std::uint32_t number, TrapFrame& frame) {
    switch (static_cast<measure::Hypercall>(number)) {
        case measure::Hypercall::kNull:
        case measure::Hypercall::kNullCommon:
            return;
        case measure::Hypercall::kVectorOnly:
            cpu::write(cpu::Hvbar::from(reinterpret_cast<std::uint32_t>(hyp_vectors_only)));
            cpu::isb();
            return;
        case measure::Hypercall::kCheckpoint:
            push_watchdog_away();
            on_checkpoint_(frame.r0_to_r3[0], frame.r0_to_r3[1]);
            return;
        case measure::Hypercall::kFinish:
            stop(StopReason::kFinished, frame.r0_to_r3[0]);
    }
    stop(StopReason::kTrap);
}

/// The path of a demand fault: the page number that stage 2 refused, one store by the builder.
inline bool Monitor::map_on_demand(Hsr hsr) {
    if (!is_stage2_fault(hsr, FaultKind::kTranslation)) {
        return false;
    }
    const mmu::Ipa page{fault_page().get(Hpfar::kFipa) * mmu::kFrameBytes};
    if (!vm_.demand.contains(page)) {
        return false;
    }
    return stage2_->map_page(page, mmu::Pa{page.value}, kGuestMemory) == mmu::Status::kOk;
}

void Monitor::apply(const DistributorEffects& effects) {
    // The timer's interrupt is linked: what the guest does to it, it does to the physical one.
    // Others have no device behind them.
    constexpr std::uint32_t kTimer = 1U << board::kVirtualTimerInterrupt;
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> physical(bus, board::kGicd);
    if ((effects.enable & kTimer) != 0) {
        physical.enable(board::kVirtualTimerInterrupt);
    }
    if ((effects.disable & kTimer) != 0) {
        physical.disable(board::kVirtualTimerInterrupt);
    }
    if ((effects.reconfigure & kTimer) != 0) {
        const std::uint32_t bit = distributor_.group1 & kTimer;
        configure(vgic_, board::kVirtualTimerInterrupt, Link::kHardware,
                  distributor_.priority[board::kVirtualTimerInterrupt], bit != 0);
    }
}

bool Monitor::emulate_distributor(Hsr hsr, TrapFrame& frame) {
    const auto ipa = fault_ipa(hsr, fault_page(), cpu::read<cpu::Hdfar>().raw);
    const auto access = mmio_access(hsr);
    if (!ipa || !access ||
        !mmu::Range<mmu::Ipa>{vm_.distributor, gic::gicd::kSize}.contains(*ipa)) {
        return false;
    }
    std::uint32_t* const reg = frame.reg(access->reg);
    if (reg == nullptr) {
        return false;
    }
    const DistributorResult result =
        carry_out(distributor_, {.offset = static_cast<std::uint32_t>(*ipa - vm_.distributor),
                                 .bytes = access->bytes,
                                 .write = access->write,
                                 .value = *reg});
    if (!result.handled) {
        return false;
    }
    apply(result.effects);
    if (!access->write) {
        *reg = access->loaded(result.value);
    }
    step_over(hsr);
    return true;
}

void Monitor::trap(Hsr hsr, TrapFrame& frame) {
    const ExceptionClass ec = hsr.get(Hsr::kEc);
    if (ec == ExceptionClass::kDataAbortLower || ec == ExceptionClass::kPrefetchAbortLower) {
        if (map_on_demand(hsr) || emulate_distributor(hsr, frame)) {
            return;
        }
    }
    stop_.hsr = hsr;
    stop_.far = ec == ExceptionClass::kPrefetchAbortLower ? cpu::read<cpu::Hifar>().raw
                                                          : cpu::read<cpu::Hdfar>().raw;
    stop_.hpfar = fault_page();
    stop(StopReason::kTrap);
}

extern "C" void hyp_trap(std::uint32_t word, TrapFrame* frame) {
    const Hsr hsr = Hsr::from(word);
    if (hsr.get(Hsr::kEc) == ExceptionClass::kHvc) {
        monitor.hypercall(SmallTrap::from(word).get(SmallTrap::kImmediate), *frame);
    } else {
        monitor.trap(hsr, *frame);
    }
}

}  // namespace hm::hyp
