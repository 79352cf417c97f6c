// A physical interrupt becomes a virtual one: acknowledge, write a list register, drop the
// priority.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"

extern "C" hm::measure::HypStamps* hyp_stamps;

namespace hm::hyp {

namespace {

constexpr reg::Mmio kBus;

std::uint32_t empty_list_registers() { return kBus.read(board::kGich + gic::gich::kElrsr0); }
void write_list_register(const LrWrite& write) {
    kBus.write(board::kGich + gic::gich::lr(write.index), write.word.raw);
}
void ask_for_underflow_interrupt(bool wanted) {
    kBus.write(board::kGich + gic::GichHcr::kOffset, gic::GichHcr{}
                                                         .with(gic::GichHcr::kEnable, true)
                                                         .with(gic::GichHcr::kUnderflowIe, wanted)
                                                         .raw);
}

}  // namespace

template <bool kStamped>
[[gnu::always_inline]] inline void Monitor::interrupt() {
    reg::Mmio bus;
    gic::CpuInterface<reg::Mmio> cpu_interface(bus, board::kGicc);
    const gic::GiccIar interrupt = cpu_interface.acknowledge();
    if constexpr (kStamped) {
        hyp_stamps->acknowledged = cpu::read<pmu::Pmccntr>().raw;
    }
    const gic::IntId id = interrupt.get(gic::GiccIar::kIntId);
    if (id == board::kVirtualTimerInterrupt) [[likely]] {
        const InjectionPlan plan = plan_injection(vgic_, id, empty_list_registers());
        if (plan.what == Injection::kWrite) [[likely]] {
            write_list_register(plan.write);
        } else if (plan.what == Injection::kQueued) {
            ask_for_underflow_interrupt(true);
        }
        if constexpr (kStamped) {
            hyp_stamps->list_register = cpu::read<pmu::Pmccntr>().raw;
            hyp_stamps->sequence = hyp_stamps->sequence + 1;
        }
        // The priority drops here; the guest's own end of interrupt deactivates, through the link.
        cpu_interface.end(interrupt);
        return;
    }
    other_interrupt(interrupt);
}

void Monitor::other_interrupt(gic::GiccIar interrupt) {
    const gic::IntId id = interrupt.get(gic::GiccIar::kIntId);
    if (id >= gic::kFirstSpecial) {
        return;
    }
    if (id == board::kMaintenanceInterrupt) {
        while (const auto write = plan_refill(vgic_, empty_list_registers())) {
            write_list_register(*write);
        }
        ask_for_underflow_interrupt(wants_underflow_interrupt(vgic_));
    }
    reg::Mmio bus;
    gic::CpuInterface<reg::Mmio> cpu_interface(bus, board::kGicc);
    cpu_interface.end(interrupt);
    cpu_interface.deactivate(interrupt);
}

extern "C" void hyp_irq() { monitor.interrupt<false>(); }
extern "C" void hyp_irq_stamped() { monitor.interrupt<true>(); }
extern "C" void hyp_fiq() { monitor.watchdog(); }

}  // namespace hm::hyp
