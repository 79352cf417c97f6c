// Entering and leaving a guest: all state that the guest finds, and all that is taken back after
// it.

#include "hyp/hw/monitor.hpp"

#include <algorithm>

#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/hw/vm_switch.hpp"
#include "measure/guest_abi.hpp"

extern "C" {
extern const char hyp_vectors[], hyp_vectors_stamped[], hyp_vectors_companion[],
    hyp_vectors_faults[], hyp_vectors_irq[], hyp_vectors_irq_stamped[], hyp_vectors_irq_faults[];
std::uint32_t enter_guest(std::uint32_t pc, std::uint32_t cpsr);
[[noreturn]] void leave_guest(std::uint32_t why);
hm::measure::HypStamps* hyp_stamps;
hm::measure::FaultStamps* hyp_fault_stamps;
/// Where hyp/hw/vectors.S keeps it while a guest runs.
[[gnu::used]] std::uint32_t monitor_stack_pointer;
}

namespace hm::hyp {

constinit Monitor monitor;

namespace {

constexpr std::uint32_t kWatchdogPriority = 0x00;  // above everything
constexpr std::uint32_t kGuestPriority = 0xA0;
constexpr std::uint32_t kLowestPriority = 0xF8;
constexpr std::uint32_t kAllPrivate = 0xFFFFFFFF;

gic::GiccCtlr hyp_interface() {
    return kGuestInterface.with(gic::GiccCtlr::kEnableGroup1, true)
        .with(gic::GiccCtlr::kEoiMode, machine().splits_end_of_interrupt);
}

/// Enough for 32 MB of tables.
std::uint32_t table_bitmap[mmu::FramePool<>::words_for(8192)];

reg::Mmio bus;
constexpr gic::Distributor<reg::Mmio> distributor() { return {bus, board::kGicd}; }
constexpr gic::CpuInterface<reg::Mmio> cpu_interface() { return {bus, board::kGicc}; }

cpu::Hvbar vector_base(const char* vectors) {
    return cpu::Hvbar::from(reinterpret_cast<std::uint32_t>(vectors));
}

}  // namespace

void Monitor::start(mmu::Pa tables, unsigned frames, bool owns_group0) {
    frames_ = mmu::FramePool<mmu::Pa>(tables, frames, table_bitmap);
    table_frames_ = frames;
    auto gicd = distributor();
    const bool has_security = gic::GicdTyper::from(bus.read(board::kGicd + gic::GicdTyper::kOffset))
                                  .get(gic::GicdTyper::kSecurityExtn);
    route_ = !has_security ? TimerRoute::kFiq
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
    list_registers_ = list_register_mask(
        std::min<std::uint32_t>(InterruptState::kMostListRegisters, vtr.list_registers()));
    take_back_gic();

    cpu::write(cpu::Vpidr::from(cpu::read<cpu::Midr>().raw));
    cpu::write(cpu::Vmpidr::from(cpu::read<cpu::Mpidr>().raw));
    cpu::write(cpu::Hacr{});
    cpu::write(cpu::Cntvoff{});
    cpu::write(mmu::vtcr(mmu::Stage2::kGeometry));
    cpu::isb();  // ARM DDI 0406C.d, B3.15.5
}

void Monitor::hand_over_gic() {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    gicd.set_priority(board::kVirtualTimerInterrupt, kGuestPriority);
    if (watches(current_->vm.routing)) {
        gicd.enable(board::kHypTimerInterrupt);
    } else {
        gicd.disable(board::kHypTimerInterrupt);
    }
    if (current_->vm.routing == InterruptRouting::kStraight) {
        gicc.set_control(kGuestInterface);
        return;
    }
    for (std::uint32_t i = 0; i < InterruptState::kMostListRegisters; ++i) {
        if ((list_registers_ >> i & 1) != 0) {
            bus.write(board::kGich + gic::gich::lr(i), 0);
        }
    }
    load_interrupts(current_->state.interrupts);
    gicd.enable(board::kMaintenanceInterrupt);
    gicc.set_control(hyp_interface());
}

void Monitor::take_back_gic() {
    auto gicd = distributor();
    auto gicc = cpu_interface();
    // A guest may stop in the middle of an interrupt: whatever is active ends here. An interface in
    // EOImode 1 drops the priority alone, so deactivation is asked of the distributor.
    bus.write(board::kGich + gic::GichHcr::kOffset, 0);
    gicd.disable(board::kMaintenanceInterrupt);
    gicd.disable(board::kVirtualTimerInterrupt);
    gicc.set_control(hyp_interface());
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

/// The state that the first VM finds, all of it.
void Monitor::set_first_state() const {
    load_registers(&current_->state.registers);
    if (sharing_) {
        load_vfp(current_->state.vfp);
    }
    load_timer(current_->state.timer);
    cpu::write(cpu::CntpCtl{});
    cpu::write(pmu::Pmuserenr{});
    cpu::write(pmu::Pmintenclr::from(kAllPrivate));

    set_hyp_state(*current_);
    cpu::write(mmu::vtcr(current_->vm.stage2_start == Stage2Start::kLevel2
                             ? mmu::Stage2Narrow::kGeometry
                             : mmu::Stage2::kGeometry));
    cpu::write(current_->entry.hcptr);
    cpu::write(current_->entry.hstr);
    cpu::write(current_->entry.cnthctl);
    cpu::isb();  // B3.15.5
    // Entries of these VMIDs, or of no stage 2 at all, may be left from guests before (B3.10.1).
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::dsb();
    cpu::isb();
}

std::optional<mmu::Pa> Monitor::new_root(unsigned tables) {
    const auto root = frames_.allocate_run(tables);
    for (unsigned i = 0; root && i < tables; ++i) {
        Stage2Memory::clear(*root + i * mmu::kFrameBytes);
    }
    return root;
}

/// A walk that starts at level 2 finds there what it would find below a level 1: so the builder
/// works from a level 1 of its own, which the CPU never reads, and the walk starts below it.
bool Monitor::build_stage2(VmContext& context) {
    constexpr unsigned kTables = mmu::Stage2Narrow::kGeometry.root_tables();
    const bool narrow = context.vm.stage2_start == Stage2Start::kLevel2;
    const auto root = new_root(mmu::Stage2::kGeometry.root_tables());
    const auto start = narrow ? new_root(kTables) : root;
    if (!root || !start) {
        return false;
    }
    for (unsigned i = 0; narrow && i < kTables; ++i) {
        stage2_memory_.write(*root, i,
                             mmu::LongDescriptor::table(*start + i * mmu::kFrameBytes).raw);
    }
    context.stage2.emplace(stage2_memory_, *root);
    context.vttbr = cpu::Vttbr{}
                        .with(cpu::Vttbr::kBaddr, start->value)
                        .with(cpu::Vttbr::kVmid, context.vm.vmid);
    for (const MemoryRegion& region : context.vm.map) {
        const mmu::Status status =
            context.stage2->map(region.range, region.target, region.attributes, region.forced);
        if (status != mmu::Status::kOk) {
            return false;
        }
    }
    return true;
}

/// Of all VMs; a level 1 that no walk reads does not count.
std::uint32_t Monitor::stage2_table_bytes() const {
    const bool narrow = vms_[0].vm.stage2_start == Stage2Start::kLevel2;
    const unsigned unread = narrow ? mmu::Stage2::kGeometry.root_tables() : 0;
    return (table_frames_ - frames_.available() - unread) *
           static_cast<std::uint32_t>(mmu::kFrameBytes);
}

bool Monitor::prepare(const VmConfig& vm, std::uint32_t index) {
    VmContext& context = vms_[index];
    context.vm = vm;
    context.entry = entry_controls(vm, cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
    const auto frame = [](std::uint64_t address) {
        return static_cast<std::uint32_t>(address / mmu::kFrameBytes);
    };
    context.demand = {.first = frame(vm.demand.range.begin.value),
                      .count = frame(vm.demand.range.bytes),
                      .target = frame(vm.demand.target.value),
                      .window = vm.demand.window};
    context.state = initial_state(vm);
    context.signals_owned = false;
    context.deadline = kNever;
    context.deadline_seen = false;
    context.vgic = Vgic{};
    context.distributor = VirtualDistributor{};
    context.vttbr = cpu::Vttbr{};
    const bool first = index == 0;
    const bool stamped = hyp_stamps != nullptr && vms_[0].vm.routing != InterruptRouting::kStraight;
    const bool by_irq = route_ == TimerRoute::kIrq;
    const char* const plain = by_irq ? hyp_vectors_irq : hyp_vectors;
    const char* const faults = by_irq ? hyp_vectors_irq_faults : hyp_vectors_faults;
    const char* const timed = by_irq  ? hyp_vectors_irq_stamped
                              : first ? hyp_vectors_stamped
                                      : hyp_vectors_companion;
    context.vectors = vector_base(vm.fault_stamps_at != 0 ? faults : stamped ? timed : plain);
    if (vm.stages == Stages::kStage1Only) {
        return true;
    }
    context.distributor.group1 = kAllPrivate;
    configure(context.vgic, board::kVirtualTimerInterrupt, link_of(vm.routing), kGuestPriority,
              true);
    return build_stage2(context);
}

namespace {

/// PMCCNTR, and what the event counters count of instructions.
struct Reading {
    std::uint32_t ticks = pmu::cycles();
    std::uint32_t all = pmu::event_count(pmu::kAllInstructionsCounter);
    std::uint32_t guest = pmu::event_count(pmu::kGuestInstructionsCounter);
};

}  // namespace

std::optional<Stop> Monitor::run(const VmConfig& vm, CheckpointHandler on_checkpoint,
                                 const Companion* companion) {
    on_checkpoint_ = on_checkpoint;
    hyp_stamps = reinterpret_cast<measure::HypStamps*>(vm.stamps_at);
    hyp_fault_stamps = reinterpret_cast<measure::FaultStamps*>(vm.fault_stamps_at);
    sharing_ = companion != nullptr;
    ends_in_turn_ = sharing_ && companion->ends_in_turn;
    finished_ = false;
    current_ = &vms_[0];
    stop_ = {};
    // The tables of guests before go with their pool: nothing walks them any more.
    frames_.release_all();
    const Reading begin;
    if (!prepare(vm, 0) || (companion != nullptr && !prepare(companion->vm, 1))) {
        return std::nullopt;
    }
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    if (companion != nullptr) {
        schedule_ = begin_schedule(companion->policy, companion->slice, start);
    }
    hand_over_gic();
    set_first_state();
    watchdog_at_ = start + vm.patience;
    arm_timer();
    cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
    cpu::isb();  // all of it holds before the guest is entered (B3.15.5)
    const Reading entry;
    enter_guest(vm.entry, kEntryPsr.raw);
    const Reading end;

    cpu::write(vector_base(hyp_vectors));
    cpu::write(cpu::CnthpCtl{});
    cpu::write(cpu::CntvCtl{});
    cpu::isb();  // quiet before anybody looks (B3.15.5)
    if (inspector_ != nullptr) {
        inspector_();
    }
    cpu::write(cpu::Cntvoff{});
    take_back_gic();
    cpu::write(cpu::Hcr{}.with(cpu::Hcr::kTsc, true));
    cpu::isb();  // no guest governs from here on (B3.15.5)
    stop_.costs = {
        .prepare_ticks = entry.ticks - begin.ticks,
        .ticks = end.ticks - entry.ticks,
        .all_instructions = end.all - entry.all,
        .guest_instructions = end.guest - entry.guest,
        .demand_faults = vms_[0].demand.faults,
        .table_bytes = stage2_table_bytes(),
    };
    return stop_;
}

void Monitor::stop(StopReason reason, std::uint32_t outcome) {
    stop_.reason = reason;
    stop_.outcome = outcome;
    stop_.vm = current_ == &vms_[0] ? 0 : 1;
    std::uint32_t pc;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    stop_.pc = pc;
    leave_guest(static_cast<std::uint32_t>(reason));
}

}  // namespace hm::hyp

template class hm::mmu::Builder<hm::mmu::Stage2, hm::hyp::Stage2Memory>;
