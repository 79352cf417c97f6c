// The handlers of the vectors that count exits: each calls the plain one. An exit counts before it
// is served, since the one that ends the guest does not come back.

#include "hyp/hw/counted_exits.hpp"

#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/hw/interrupts.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

constinit std::array<ExitProfile, VmConfig::kMostCpus> profiles;

[[nodiscard]] ExitCount& count_exit(ExitReason reason) {
    ExitCount& exits = of(profiles[this_cpu().vcpu->index], reason);
    ++exits.count;
    return exits;
}

void add_time(ExitCount& exits, std::uint32_t cycles) { exits.add(pmu::stamp() - cycles); }

/// The highest of those that are pending, which the plain handler will acknowledge (ARM IHI 0048B,
/// 4.4.8).
[[nodiscard]] ExitReason reason_of_pending() {
    const auto pending =
        gic::GiccHppir::from(reg::Mmio::read(board::kGicc + gic::GiccHppir::kOffset));
    return reason_of_interrupt(pending.get(gic::GiccHppir::kIntId), kKick);
}

}  // namespace

const ExitProfile& exits_of(std::uint32_t vcpu) { return profiles[vcpu]; }

void forget_exits() { profiles = {}; }

extern "C" void hyp_trap_counted(std::uint32_t word, TrapFrame* frame, std::uint32_t cycles) {
    const auto hsr = Hsr::from(word);
    const mmu::Ipa page{fault_page().get(Hpfar::kFipa) * mmu::kFrameBytes};
    ExitCount& exits = count_exit(reason_of_trap(hsr, page, this_cpu().vcpu->vm->config));
    hyp_trap(word, frame);
    add_time(exits, cycles);
}
extern "C" std::uint32_t* hyp_irq_counted(TrapFrame*, std::uint32_t cycles, std::uint64_t) {
    ExitCount& exits = count_exit(reason_of_pending());
    hyp_irq();
    add_time(exits, cycles);
    return &this_cpu().unwanted_stamp;
}
extern "C" std::uint32_t* hyp_fiq_counted(TrapFrame* frame, std::uint32_t cycles, std::uint64_t) {
    ExitCount& exits = count_exit(ExitReason::kHypTimer);
    hyp_fiq(frame);
    add_time(exits, cycles);
    return &this_cpu().unwanted_stamp;
}
extern "C" std::uint32_t* hyp_irq_or_tick_counted(TrapFrame* frame, std::uint32_t cycles,
                                                  std::uint64_t) {
    ExitCount& exits = count_exit(reason_of_pending());
    hyp_irq_or_tick(frame);
    add_time(exits, cycles);
    return &this_cpu().unwanted_stamp;
}

}  // namespace hm::hyp
