#include "hyp/hw/physical_gic.hpp"

#include <algorithm>

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/core/gic_state.hpp"
#include "hyp/core/running_priority.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

constexpr std::uint32_t kWatchdogPriority = 0x00;  // above everything
constexpr std::uint32_t kAllPrivate = 0xFFFFFFFF;

gic::GiccCtlr hyp_interface() {
    return kGuestInterface.with(gic::GiccCtlr::kEnableGroup1, true)
        .with(gic::GiccCtlr::kEoiMode, machine_has<&MachineFacts::splits_end_of_interrupt>());
}

reg::Mmio bus;
constexpr gic::Distributor<reg::Mmio> distributor() { return {bus, board::kGicd}; }
constexpr gic::CpuInterface<reg::Mmio> cpu_interface() { return {bus, board::kGicc}; }

void set_interface(gic::GiccCtlr control) {
    write_interface(bus, board::kGicc, interface_with(control),
                    machine_has<&MachineFacts::saves_gic_state>());
}

/// A guest may stop in the middle of an interrupt, or have left any priority active, which would
/// hide the next guest's interrupts. `active`: private interrupts that are, one bit each.
void drop_priorities(std::uint32_t active) {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    const auto priority_of = [&gicd](gic::IntId id) { return gicd.priority(id); };
    const auto running = [&gicc] { return gicc.running().get(gic::GiccRpr::kPriority); };
    while (const auto id = unended(active, running(), priority_of)) {
        gicc.end(gic::GiccIar{}.with(gic::GiccIar::kIntId, *id));
        active &= ~(1U << *id);
    }
    // The rest was left by a guest that wrote active priorities itself, or deactivated what it
    // never ended. Here they go too (ARM IHI 0048B, 4.4.12).
    set_interface(hyp_interface());
    if (running() < kNoPriority) {
        // QEMU works the running priority out anew at an end of interrupt only.
        gicc.end(gic::GiccIar{}.with(gic::GiccIar::kIntId, board::kVirtualTimerInterrupt));
    }
}

/// Nothing of any guest's is in the virtual interface, and none is signalled.
void clear_virtual_interface(std::uint32_t list_registers) {
    bus.write(board::kGich + gic::GichHcr::kOffset, 0);
    for (std::uint32_t i = 0; i < InterruptState::kMostListRegisters; ++i) {
        if ((list_registers >> i & 1) != 0) {
            bus.write(board::kGich + gic::gich::lr(i), 0);
        }
    }
    bus.write(board::kGich + gic::gich::kApr, 0);
    bus.write(board::kGich + gic::GichVmcr::kOffset, kVirtualInterfaceAtReset.raw);
}

}  // namespace

void start_gic(Cpu& cpu, bool owns_group0) {
    const bool has_security = gic::GicdTyper::from(bus.read(board::kGicd + gic::GicdTyper::kOffset))
                                  .get(gic::GicdTyper::kSecurityExtn);
    const bool group0_is_loaders = !owns_group0 && (has_security || board::kLoaderTakesFiqs);
    cpu.timer_route = group0_is_loaders ? TimerRoute::kIrq
                      : has_security    ? TimerRoute::kSecureFiq
                                        : TimerRoute::kFiq;
    const auto vtr = gic::GichVtr::from(bus.read(board::kGich + gic::GichVtr::kOffset));
    cpu.list_registers = list_register_mask(
        std::min<std::uint32_t>(InterruptState::kMostListRegisters, vtr.list_registers()));
    clear_gic(cpu, Interrupts::kAll);
}

namespace {

void clear_interfaces(const Cpu& cpu) {
    clear_virtual_interface(cpu.list_registers);
    // An interface in EOImode 1 only drops the priority; the distributor deactivates afterwards.
    cpu_interface().set_control(hyp_interface());
}

/// The HYP timer's interrupt alone is in Group 0, if it is an FIQ. Where the GIC has Security
/// Extensions, Non-secure state cannot put any there, and Secure state has (ARM IHI 0048B, 4.3.4).
std::uint32_t private_groups(const Cpu& cpu) {
    const bool by_irq = board::kLoaderTakesFiqs && cpu.timer_route == TimerRoute::kIrq;
    return by_irq ? kAllPrivate : kAllPrivate & ~(1U << board::kHypTimerInterrupt);
}

void clear_interrupts(const Cpu& cpu, Interrupts which) {
    auto gicd = distributor();
    drop_priorities(gicd.active_private());
    put_at_rest(bus, board::kGicd, which, machine_has<&MachineFacts::saves_gic_state>());
    gicd.set_private_groups(private_groups(cpu));
    gicd.set_priority(board::kHypTimerInterrupt, kWatchdogPriority);
}

}  // namespace

void clear_gic(const Cpu& cpu, Interrupts which) {
    auto gicd = distributor();
    clear_interfaces(cpu);
    gicd.set_control({});
    clear_interrupts(cpu, which);
    gicd.set_control(gic::GicdCtlr{}
                         .with(gic::GicdCtlr::kEnableGroup0, true)
                         .with(gic::GicdCtlr::kEnableGroup1, true));
}

void clear_gic_of_core(const Cpu& cpu) {
    clear_interfaces(cpu);
    clear_interrupts(cpu, Interrupts::kPrivate);
}

void signal_hyp_timer() { distributor().enable(board::kHypTimerInterrupt); }

namespace {

/// What this core finds after a reset (ARM IHI 0048B, 4.3.1, 4.3.4, 4.4.1, 4.4.2): all interrupts
/// are in Group 0, and nothing is enabled. The distributor's shared part is the first core's to
/// set.
void leave_as_after_reset(const Cpu& cpu) {
    constexpr std::uint32_t kInterruptsAWord = 32;
    auto gicd = distributor();
    cpu_interface().set_control({});
    bus.write(board::kGicc + gic::GiccPmr::kOffset, 0);
    gicd.disable(board::kHypTimerInterrupt);
    gicd.set_private_groups(0);
    if (cpu.number == 0) {
        gicd.set_control({});
        const auto type = gic::GicdTyper::from(bus.read(board::kGicd + gic::GicdTyper::kOffset));
        for (std::uint32_t word = 1; word <= type.get(gic::GicdTyper::kItLinesNumber); ++word) {
            bus.write(board::kGicd + gic::gicd::kIgroupr + word * kInterruptsAWord / 8, 0);
        }
    }
}

}  // namespace

void hand_over_gic(const Cpu& cpu) {
    auto gicd = distributor();
    if (cpu.vcpu->vm->config.is_left_alone) {
        leave_as_after_reset(cpu);
        return;
    }
    const InterruptRouting routing = cpu.vcpu->vm->config.routing;
    // They are for this core alone; what else they are, they are at rest.
    for (const PassedDevice& device : cpu.vcpu->vm->config.passed) {
        gicd.set_target_to_this_core(device.interrupt.physical);
    }
    if (watches(cpu.timer_route, routing)) {
        signal_hyp_timer();
    }
    if (routing == InterruptRouting::kStraight) {
        set_interface(kGuestInterface);
        return;
    }
    load_interrupts(cpu.vcpu->state.interrupts);
    gicd.enable(board::kMaintenanceInterrupt);
    if (has_own_cores(cpu.vcpu->vm->config)) {
        gicd.enable(kKick);
    }
    set_interface(hyp_interface());
}

}  // namespace hm::hyp
