#include "hyp/hw/physical_gic.hpp"

#include <algorithm>

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/core/running_priority.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

constexpr std::uint32_t kWatchdogPriority = 0x00;  // above everything
constexpr std::uint32_t kLowestPriority = 0xF8;
constexpr std::uint32_t kAllPrivate = 0xFFFFFFFF;

gic::GiccCtlr hyp_interface() {
    return kGuestInterface.with(gic::GiccCtlr::kEnableGroup1, true)
        .with(gic::GiccCtlr::kEoiMode, machine().splits_end_of_interrupt);
}

reg::Mmio bus;
constexpr gic::Distributor<reg::Mmio> distributor() { return {bus, board::kGicd}; }
constexpr gic::CpuInterface<reg::Mmio> cpu_interface() { return {bus, board::kGicc}; }

}  // namespace

void start_gic(Cpu& cpu, bool owns_group0) {
    auto gicd = distributor();
    const bool has_security = gic::GicdTyper::from(bus.read(board::kGicd + gic::GicdTyper::kOffset))
                                  .get(gic::GicdTyper::kSecurityExtn);
    cpu.timer_route = !has_security ? TimerRoute::kFiq
                      : owns_group0 ? TimerRoute::kSecureFiq
                                    : TimerRoute::kIrq;
    gicd.set_control({});
    gicd.set_private_groups(kAllPrivate & ~(1U << board::kHypTimerInterrupt));
    gicd.set_priority(board::kHypTimerInterrupt, kWatchdogPriority);
    gicd.set_priority(board::kMaintenanceInterrupt, kGuestPriority);
    gicd.set_control(gic::GicdCtlr{}
                         .with(gic::GicdCtlr::kEnableGroup0, true)
                         .with(gic::GicdCtlr::kEnableGroup1, true));
    const auto vtr = gic::GichVtr::from(bus.read(board::kGich + gic::GichVtr::kOffset));
    cpu.list_registers = list_register_mask(
        std::min<std::uint32_t>(InterruptState::kMostListRegisters, vtr.list_registers()));
    take_back_gic();
}

void hand_over_gic(const Cpu& cpu) {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    const InterruptRouting routing = cpu.vcpu->vm->config.routing;
    gicd.set_priority(board::kVirtualTimerInterrupt, kGuestPriority);
    if (watches(cpu.timer_route, routing)) {
        gicd.enable(board::kHypTimerInterrupt);
    } else {
        gicd.disable(board::kHypTimerInterrupt);
    }
    if (routing == InterruptRouting::kStraight) {
        gicc.set_control(kGuestInterface);
        return;
    }
    for (std::uint32_t i = 0; i < InterruptState::kMostListRegisters; ++i) {
        if ((cpu.list_registers >> i & 1) != 0) {
            bus.write(board::kGich + gic::gich::lr(i), 0);
        }
    }
    load_interrupts(cpu.vcpu->state.interrupts);
    gicd.enable(board::kMaintenanceInterrupt);
    gicc.set_control(hyp_interface());
}

void take_back_gic() {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    // A guest may stop in the middle of an interrupt: whatever is active ends here. An interface in
    // EOImode 1 only drops the priority, so the distributor is asked to deactivate.
    bus.write(board::kGich + gic::GichHcr::kOffset, 0);
    gicd.disable(board::kMaintenanceInterrupt);
    gicd.disable(board::kVirtualTimerInterrupt);
    gicc.set_control(hyp_interface());
    gicc.set_priority_mask(kLowestPriority);
    // A running priority that an acknowledged interrupt has left would hide the next guest's.
    const std::uint32_t active = gicd.active_private();
    const auto priority_of = [&gicd](gic::IntId id) { return gicd.priority(id); };
    const auto running = [&gicc] { return gicc.running().get(gic::GiccRpr::kPriority); };
    std::uint32_t rest = active;
    while (const auto id = unended(rest, running(), priority_of)) {
        gicc.end(gic::GiccIar{}.with(gic::GiccIar::kIntId, *id));
        rest &= ~(1U << *id);
    }
    for (gic::IntId id = 0; id < gic::kFirstSpi; ++id) {
        if ((active >> id & 1) != 0) {
            gicd.deactivate(id);
        }
    }
    gicd.clear_pending(board::kVirtualTimerInterrupt);
}

}  // namespace hm::hyp
