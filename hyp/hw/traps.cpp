// What a guest asks of the monitor: hypercalls, pages on demand, waiting, emulated registers.
// Everything else stops it.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/nops.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/pmu/registers.hpp"
#include "hyp/core/trap_frame.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/trapped.hpp"
#include "measure/guest_abi.hpp"

extern "C" {
extern const char hyp_vectors_only[];
/// Where HYP puts its stamps of demand faults.
extern hm::measure::FaultStamps* hyp_fault_stamps;
}

namespace hm::hyp {

extern "C" void hyp_trap(std::uint32_t word, TrapFrame* frame);

namespace {

/// PMCCNTR goes here where no stamp wants it.
std::uint32_t unwanted_fault_stamp;

}  // namespace

[[gnu::always_inline]] inline void Monitor::hypercall(std::uint32_t number, TrapFrame& frame) {
    switch (static_cast<measure::Hypercall>(number)) {
        case measure::Hypercall::kNull:
        case measure::Hypercall::kNullCommon:
            return;
        case measure::Hypercall::kVectorOnly:
            cpu::write(cpu::Hvbar::from(reinterpret_cast<std::uint32_t>(hyp_vectors_only)));
            cpu::isb();  // before the next exception is taken (ARM DDI 0406C.d, B3.15.5)
            return;
        case measure::Hypercall::kCheckpoint:
            push_watchdog_away();
            if (on_checkpoint_ != nullptr) {
                on_checkpoint_(frame.r0_to_r3[0], frame.r0_to_r3[1]);
            }
            return;
        case measure::Hypercall::kFinish:
            finish(frame);
            return;
        case measure::Hypercall::kYield:
            if (sharing_) {
                wait(frame);
            }
            return;
        case measure::Hypercall::kReleasePage:
            if (release_page(frame.r0_to_r3[0])) {
                return;
            }
    }
    stop(StopReason::kTrap);
}

/// The path of a demand fault: the frame that stage 2 refused, its entry by the builder. PMCCNTR
/// between the store and its becoming visible goes to `written`, if that is not null.
bool Monitor::map_on_demand(Hsr hsr, std::uint32_t* written) {
    if (!is_stage2_fault(hsr, FaultKind::kTranslation)) {
        return false;
    }
    DemandFrames& demand = current_->demand;
    const auto frame = static_cast<std::uint32_t>(fault_page().get(Hpfar::kFipa));
    const std::uint32_t offset = frame - demand.first;
    if (offset >= demand.count) {
        return false;
    }
    ++demand.faults;
    if (demand.window != 1) [[unlikely]] {
        return map_window_on_demand(offset);
    }
    const auto stamp = [written] {
        if (written != nullptr) [[unlikely]] {
            *written = cpu::read<pmu::Pmccntr>().raw;
            cpu::nops<NOPS_HYP_FAULT_WRITTEN>();
        }
    };
    const mmu::Pa target{std::uint64_t{demand.target + offset} * mmu::kFrameBytes};
    return current_->stage2->map_page(mmu::Ipa{std::uint64_t{frame} * mmu::kFrameBytes}, target,
                                      kGuestMemory, stamp) == mmu::Status::kOk;
}

bool Monitor::release_page(std::uint32_t address) {
    const mmu::Ipa page = align_down(mmu::Ipa{address}, mmu::Size::k4K);
    return current_->vm.demand.range.contains(page) &&
           current_->stage2->unmap_page(page) == mmu::Status::kOk;
}

void Monitor::trap(Hsr hsr, TrapFrame& frame) {
    const ExceptionClass ec = hsr.get(Hsr::kEc);
    if (ec == ExceptionClass::kDataAbortLower || ec == ExceptionClass::kPrefetchAbortLower) {
        if (map_on_demand(hsr, nullptr) || emulate_distributor(hsr, frame)) {
            return;
        }
    } else if (ec == ExceptionClass::kWfiWfe) {
        step_over(hsr);
        wait(frame);
        return;
    } else if (ec == ExceptionClass::kCp15 && ignore_counters(hsr, frame)) {
        return;
    }
    stop_.hsr = hsr;
    stop_.far = ec == ExceptionClass::kPrefetchAbortLower ? cpu::read<cpu::Hifar>().raw
                                                          : cpu::read<cpu::Hdfar>().raw;
    stop_.hpfar = fault_page();
    stop(StopReason::kTrap);
}

/// Stamps a fault that is served on demand, and nothing else.
std::uint32_t* Monitor::trap_stamped(Hsr hsr, TrapFrame& frame, std::uint32_t cycles) {
    measure::FaultStamps& stamps = *hyp_fault_stamps;
    const std::uint32_t handler = cpu::read<pmu::Pmccntr>().raw;
    cpu::nops<NOPS_HYP_FAULT_HANDLER>();
    std::uint32_t written = 0;
    if (!map_on_demand(hsr, &written)) {
        hyp_trap(hsr.raw, &frame);
        return &unwanted_fault_stamp;
    }
    stamps.maintained = cpu::read<pmu::Pmccntr>().raw;
    cpu::nops<NOPS_HYP_FAULT_MAINTAINED>();
    stamps.vector = cycles;
    stamps.handler = handler;
    stamps.written = written;
    stamps.count = stamps.count + 1;
    return &stamps.returned;
}

extern "C" std::uint32_t* hyp_trap_stamped(std::uint32_t word, TrapFrame* frame,
                                           std::uint32_t cycles) {
    return monitor.trap_stamped(Hsr::from(word), *frame, cycles);
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
