#pragma once
// How the timer's interrupt becomes a virtual one: counted, so inlined where it is taken
// (hyp/hw/interrupts.cpp) and where a VM that slept through it gets the core (hyp/hw/turns.cpp).

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"

/// Where HYP puts its stamps; null where the guest is run without.
extern "C" hm::measure::HypStamps* hyp_stamps;

namespace hm::hyp {

[[nodiscard]] inline std::uint32_t empty_list_registers() {
    return reg::Mmio::read(board::kGich + gic::gich::kElrsr0);
}
inline void write_list_register(const LrWrite& write) {
    reg::Mmio::write(board::kGich + gic::gich::lr(write.index), write.word.raw);
}
inline void ask_for_underflow_interrupt(bool wanted) {
    reg::Mmio::write(board::kGich + gic::GichHcr::kOffset,
                     gic::GichHcr{}
                         .with(gic::GichHcr::kEnable, true)
                         .with(gic::GichHcr::kUnderflowIe, wanted)
                         .raw);
}

/// `interrupt`: the virtual timer's, as acknowledged, of the VM that `vgic` belongs to.
template <bool kStamped>
[[gnu::always_inline]] inline void inject(Vgic& vgic, gic::GiccIar interrupt) {
    const InjectionPlan plan =
        plan_injection(vgic, board::kVirtualTimerInterrupt, empty_list_registers());
    if (plan.what == Injection::kWrite) [[likely]] {
        write_list_register(plan.write);
    } else if (plan.what == Injection::kQueued) {
        ask_for_underflow_interrupt(true);
    }
    if constexpr (kStamped) {
        hyp_stamps->list_register = cpu::read<pmu::Pmccntr>().raw;
        hyp_stamps->sequence = hyp_stamps->sequence + 1;
    }
    // The priority drops here. What deactivates is the guest's own end of interrupt, through the
    // link, or else the maintenance that follows it.
    reg::Mmio bus;
    gic::CpuInterface<reg::Mmio>(bus, board::kGicc).end(interrupt);
}

}  // namespace hm::hyp
