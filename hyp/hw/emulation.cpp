// Registers that a guest finds but does not have: the distributor, and of a second VM the
// performance monitor.

#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/core/trap_frame.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/trapped.hpp"

namespace hm::hyp {

/// A VM without the performance monitor finds it zero and to no effect: CP15 c9 with CRm 12 to 14
/// (ARM DDI 0406C.d, B3.17.2; HDCR.TPM traps no other).
bool Monitor::ignore_counters(Hsr hsr, TrapFrame& frame) const {
    const auto access = RegisterTrap::from(hsr.raw);
    if (current_->vm.has_counters || access.get(RegisterTrap::kCrn) != 9 ||
        access.get(RegisterTrap::kCrm) < 12) {
        return false;
    }
    std::uint32_t* const reg = frame.reg(access.get(RegisterTrap::kRt));
    if (reg == nullptr) {
        return false;
    }
    if (access.get(RegisterTrap::kRead)) {
        *reg = 0;
    }
    step_over(hsr);
    return true;
}

void Monitor::apply(const DistributorEffects& effects) {
    // The timer's interrupt is linked: what the guest does to it, it does to the physical one.
    // Others have no device behind them.
    constexpr std::uint32_t kTimer = 1U << board::kVirtualTimerInterrupt;
    if (((effects.enable | effects.disable) & kTimer) != 0) {
        current_->signals_owned = (effects.enable & kTimer) != 0;
        signal_owned_interrupts();
    }
    if ((effects.reconfigure & kTimer) != 0) {
        const VirtualDistributor& distributor = current_->distributor;
        const std::uint32_t bit = distributor.group1 & kTimer;
        configure(current_->vgic, board::kVirtualTimerInterrupt, link_of(current_->vm.routing),
                  distributor.priority[board::kVirtualTimerInterrupt], bit != 0);
    }
}

bool Monitor::emulate_distributor(Hsr hsr, TrapFrame& frame) {
    const auto ipa = fault_ipa(hsr, fault_page(), cpu::read<cpu::Hdfar>().raw);
    const auto access = mmio_access(hsr);
    if (!ipa || !access ||
        !mmu::Range<mmu::Ipa>{current_->vm.distributor, gic::gicd::kSize}.contains(*ipa)) {
        return false;
    }
    std::uint32_t* const reg = frame.reg(access->reg);
    if (reg == nullptr) {
        return false;
    }
    const DistributorResult result =
        carry_out(current_->distributor,
                  {.offset = static_cast<std::uint32_t>(*ipa - current_->vm.distributor),
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

}  // namespace hm::hyp
