#include "hyp/hw/demand_faults.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/nops.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/vm.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

namespace {

[[gnu::always_inline]] inline void stamp_written(std::uint32_t& written) {
    written = pmu::stamp();
    cpu::nops<NOPS_HYP_FAULT_WRITTEN>();
}

/// For a fault of translation in `frame`, which is `offset` pages behind the first.
bool map_demanded(Vm& vm, std::uint32_t frame, std::uint32_t offset, std::uint32_t* written) {
    DemandFrames& demand = vm.demand;
    ++demand.faults;
    if (demand.window != 1) {
        return map_window(*vm.stage2, demand, offset);
    }
    const auto stamp = [written] {
        if (written != nullptr) {
            stamp_written(*written);
        }
    };
    return vm.stage2->map_page({std::uint64_t{frame} * mmu::kFrameBytes}, demand.target_of(offset),
                               kGuestMemory, stamp) == mmu::Status::kOk;
}

}  // namespace

bool map_on_demand(Hsr hsr, std::uint32_t* written) {
    if (!is_stage2_fault(hsr, FaultKind::kTranslation)) {
        return false;
    }
    Vm& vm = *this_cpu().vcpu->vm;
    const auto frame = static_cast<std::uint32_t>(fault_page().get(Hpfar::kFipa));
    const std::uint32_t offset = frame - vm.demand.first;
    return offset < vm.demand.count && map_demanded(vm, frame, offset, written);
}

/// Stamps a fault that is served on demand, and nothing else. Returns where PMCCNTR goes at the
/// end.
extern "C" std::uint32_t* hyp_trap_stamped(std::uint32_t word, TrapFrame* frame,
                                           std::uint32_t cycles) {
    Cpu& cpu = this_cpu();
    const std::uint32_t handler = pmu::stamp();
    cpu::nops<NOPS_HYP_FAULT_HANDLER>();
    std::uint32_t written = 0;
    const auto hsr = Hsr::from(word);
    const auto page = static_cast<std::uint32_t>(fault_page().get(Hpfar::kFipa));
    const bool at_once =
        hsr.get(Hsr::kEc) == ExceptionClass::kDataAbortLower &&
        map_at_once(*cpu.vcpu->vm, hsr, page, [&written] { stamp_written(written); });
    if (!at_once && !map_on_demand(hsr, &written)) {
        hyp_trap(word, frame);
        return &cpu.unwanted_stamp;
    }
    measure::FaultStamps& stamps = *cpu.fault_stamps;
    stamps.maintained = pmu::stamp();
    cpu::nops<NOPS_HYP_FAULT_MAINTAINED>();
    stamps.vector = cycles;
    stamps.handler = handler;
    stamps.written = written;
    stamps.count = stamps.count + 1;
    return &stamps.returned;
}

}  // namespace hm::hyp
