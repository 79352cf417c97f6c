// Entering and leaving a guest: all state that the guest finds, and all that is taken back after
// it.

#include "hyp/hw/monitor.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/entry_state.hpp"
#include "measure/guest_abi.hpp"

extern "C" {
extern const char hyp_vectors[], hyp_vectors_stamped[];
std::uint32_t enter_guest(std::uint32_t pc, std::uint32_t cpsr);
[[noreturn]] void leave_guest(std::uint32_t why);
/// Where irq_stamped puts its stamps.
hm::measure::HypStamps* hyp_stamps;
}

namespace hm::hyp {

constinit Monitor monitor;

namespace {

constexpr std::uint32_t kWatchdogPriority = 0x00;  // above everything
constexpr std::uint32_t kGuestPriority = 0xA0;
constexpr std::uint32_t kLowestPriority = 0xF8;
constexpr std::uint32_t kAllPrivate = 0xFFFFFFFF;

/// What the guest finds in GICC_CTLR, natively and in GICV_CTLR alike. Group 0 is the watchdog's,
/// and comes as FIQ. AckCtl lets GICC_IAR acknowledge Group 1: without Security Extensions the
/// register would answer 1022 (ARM IHI 0048B, 4.4.4).
constexpr gic::GiccCtlr kGuestInterface = gic::GiccCtlr{}
                                              .with(gic::GiccCtlr::kEnableGroup0, true)
                                              .with(gic::GiccCtlr::kAckCtl, true)
                                              .with(gic::GiccCtlr::kFiqEn, true);
constexpr gic::GiccCtlr kHypInterface =
    kGuestInterface.with(gic::GiccCtlr::kEnableGroup1, true).with(gic::GiccCtlr::kEoiMode, true);

constexpr gic::GichVmcr kGuestVmcr = gic::GichVmcr{}
                                         .with(gic::GichVmcr::kEnableGroup0, true)
                                         .with(gic::GichVmcr::kAckCtl, true)
                                         .with(gic::GichVmcr::kFiqEn, true);

/// Enough for 32 MB of tables.
std::uint32_t table_bitmap[mmu::FramePool<>::words_for(8192)];

reg::Mmio bus;
constexpr gic::Distributor<reg::Mmio> distributor() { return {bus, board::kGicd}; }
constexpr gic::CpuInterface<reg::Mmio> cpu_interface() { return {bus, board::kGicc}; }

std::uint32_t list_registers() {
    return gic::GichVtr::from(bus.read(board::kGich + gic::GichVtr::kOffset)).list_registers();
}

}  // namespace

void Monitor::start(mmu::Pa tables, unsigned frames) {
    tables_ = tables;
    table_frames_ = frames;
    auto gicd = distributor();
    gicd.set_control({});
    gicd.set_private_groups(kAllPrivate & ~(1U << board::kHypTimerInterrupt));
    gicd.set_priority(board::kHypTimerInterrupt, kWatchdogPriority);
    gicd.set_priority(board::kMaintenanceInterrupt, kGuestPriority);
    gicd.enable(board::kHypTimerInterrupt);
    gicd.set_control(gic::GicdCtlr{}
                         .with(gic::GicdCtlr::kEnableGroup0, true)
                         .with(gic::GicdCtlr::kEnableGroup1, true));
    take_back_gic();

    cpu::write(cpu::Vpidr::from(cpu::read<cpu::Midr>().raw));
    cpu::write(cpu::Vmpidr::from(cpu::read<cpu::Mpidr>().raw));
    cpu::write(cpu::Hacr{});
    cpu::write(cpu::Cntvoff{});
    cpu::write(mmu::vtcr(mmu::Stage2::kGeometry));
    cpu::isb();
}

void Monitor::hand_over_gic(Delivery delivery) {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    vgic_ = Vgic{};
    distributor_ = VirtualDistributor{};
    gicd.set_priority(board::kVirtualTimerInterrupt, kGuestPriority);
    if (delivery == Delivery::kNative) {
        gicc.set_control(kGuestInterface);
        return;
    }
    distributor_.group1 = kAllPrivate;
    configure(vgic_, board::kVirtualTimerInterrupt, Link::kHardware, kGuestPriority, true);
    for (std::uint32_t i = 0; i < list_registers(); ++i) {
        bus.write(board::kGich + gic::gich::lr(i), 0);
    }
    bus.write(board::kGich + gic::gich::kApr, 0);
    bus.write(board::kGich + gic::GichVmcr::kOffset, kGuestVmcr.raw);
    bus.write(board::kGich + gic::GichHcr::kOffset,
              gic::GichHcr{}.with(gic::GichHcr::kEnable, true).raw);
    gicd.enable(board::kMaintenanceInterrupt);
    gicc.set_control(kHypInterface);
}

void Monitor::take_back_gic() {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    // A guest may stop in the middle of an interrupt: whatever is active ends here. An interface in
    // EOImode 1 drops the priority alone, so deactivation is asked of the distributor.
    bus.write(board::kGich + gic::GichHcr::kOffset, 0);
    gicd.disable(board::kMaintenanceInterrupt);
    gicd.disable(board::kVirtualTimerInterrupt);
    gicc.set_control(kHypInterface);
    gicc.set_priority_mask(kLowestPriority);
    // A running priority left by an acknowledged interrupt would hide the next guest's: ending the
    // interrupts that are active drops it. They were acknowledged one above the other.
    std::uint32_t active = gicd.active_private();
    for (gic::IntId id = 0; id < gic::kFirstSpi; ++id) {
        if ((active >> id & 1) != 0) {
            gicc.end(gic::GiccIar{}.with(gic::GiccIar::kIntId, id));
            gicd.deactivate(id);
        }
    }
    gicd.clear_pending(board::kVirtualTimerInterrupt);
}

void Monitor::set_guest_state(const VirtualMachine& vm) const {
    // PL1's registers are the guest's alone while one VM runs; each starts from a known value,
    // since the Non-secure copies are not reset (ARM DDI 0406C.d, B3.15.4).
    cpu::write(cpu::kResetSctlr);
    cpu::write(mmu::Ttbcr{});
    cpu::write(cpu::Ttbr0{});
    cpu::write(cpu::Ttbr1{});
    cpu::write(cpu::Dacr{});
    cpu::write(cpu::Vbar{});
    cpu::write(cpu::Contextidr{});
    cpu::write(cpu::Cpacr{}.with(cpu::Cpacr::kCp10, 3).with(cpu::Cpacr::kCp11, 3));
    cpu::write(cpu::Cntkctl{});
    cpu::write(cpu::CntvCtl{});
    cpu::write(cpu::CntpCtl{});

    const auto counters = cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN);
    const EntryState state = entry_state(vm.regime, vm.delivery, counters);
    cpu::write(state.hcr);
    cpu::write(state.hdcr);
    cpu::write(state.hcptr);
    cpu::write(state.hstr);
    cpu::write(state.cnthctl);
    if (vm.regime == Regime::kNested) {
        cpu::write(cpu::Vttbr{}
                       .with(cpu::Vttbr::kBaddr, stage2_root().value)
                       .with(cpu::Vttbr::kVmid, vm.vmid));
    }
    cpu::isb();
    // Entries of this VMID, or of no stage 2 at all, may be left from the guest before.
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::dsb();
    cpu::isb();

    cpu::write(pmu::Pmuserenr{});
    cpu::write(pmu::Pmintenclr::from(kAllPrivate));
    cpu::write(cpu::Hvbar::from(reinterpret_cast<std::uint32_t>(
        vm.stamps_at != 0 && vm.delivery != Delivery::kNative ? hyp_vectors_stamped
                                                              : hyp_vectors)));
    hyp_stamps = reinterpret_cast<measure::HypStamps*>(vm.stamps_at);
    cpu::isb();
}

bool Monitor::build_stage2(const VirtualMachine& vm) {
    // The tables of the guest before go with their pool: nothing walks them any more.
    frames_ = mmu::FramePool<mmu::Pa>(tables_, table_frames_, table_bitmap);
    const auto root = frames_.allocate_run(mmu::Stage2::kGeometry.root_tables());
    if (!root) {
        return false;
    }
    for (unsigned i = 0; i < mmu::Stage2::kGeometry.root_tables(); ++i) {
        Stage2Memory::clear(*root + i * mmu::kFrameBytes);
    }
    stage2_.emplace(stage2_memory_, *root);
    for (const MemoryRegion& region : vm.map) {
        const mmu::Status status =
            stage2_->map(region.range, region.target, region.attributes, region.forced);
        if (status != mmu::Status::kOk) {
            return false;
        }
    }
    return true;
}

void Monitor::push_watchdog_away() const {
    cpu::write(cpu::CnthpCval::from(cpu::read<cpu::Cntpct>().raw + vm_.patience));
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();
}

std::optional<Stop> Monitor::run(const VirtualMachine& vm, CheckpointHandler on_checkpoint) {
    vm_ = vm;
    on_checkpoint_ = on_checkpoint;
    if (vm.regime == Regime::kNested && !build_stage2(vm)) {
        return std::nullopt;
    }
    hand_over_gic(vm.delivery);
    set_guest_state(vm);
    push_watchdog_away();
    stop_ = {};
    enter_guest(vm.entry, kEntryPsr.raw);

    cpu::write(cpu::Hvbar::from(reinterpret_cast<std::uint32_t>(hyp_vectors)));
    cpu::write(cpu::CnthpCtl{});
    cpu::write(cpu::CntvCtl{});
    cpu::isb();
    if (inspector_ != nullptr) {
        inspector_();
    }
    take_back_gic();
    cpu::write(cpu::Hcr{}.with(cpu::Hcr::kTsc, true));
    cpu::isb();
    return stop_;
}

void Monitor::stop(StopReason reason, std::uint32_t outcome) {
    stop_.reason = reason;
    stop_.outcome = outcome;
    std::uint32_t pc;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    stop_.pc = pc;
    leave_guest(static_cast<std::uint32_t>(reason));
}

void Monitor::watchdog() {
    // The watchdog's interrupt alone is in Group 0. Its level falls with the timer.
    auto gicc = cpu_interface();
    const gic::GiccIar interrupt = gicc.acknowledge();
    cpu::write(cpu::CnthpCtl{});
    cpu::isb();
    if (interrupt.get(gic::GiccIar::kIntId) < gic::kFirstSpecial) {
        gicc.end(interrupt);
        distributor().deactivate(interrupt.get(gic::GiccIar::kIntId));
        stop(StopReason::kWatchdog);
    }
}

}  // namespace hm::hyp

template class hm::mmu::Builder<hm::mmu::Stage2, hm::hyp::Stage2Memory>;
