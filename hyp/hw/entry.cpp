#include "hyp/hw/entry.hpp"

#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/control.hpp"
#include "hyp/core/core_state.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/own_cores.hpp"
#include "hyp/hw/pending_abort.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/thumb_ee.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "hyp/hw/vector_tables.hpp"
#include "hyp/hw/vm.hpp"

extern "C" {
/// Leaves HYP's stack pointer at `stack_pointer`, and returns what leave_guest is given.
std::uint32_t enter_guest(std::uint32_t pc, std::uint32_t cpsr, std::uint32_t* stack_pointer,
                          std::uint32_t r0);
[[noreturn]] void leave_guest(std::uint32_t why, std::uint32_t stack_pointer);
}

namespace hm::hyp {

namespace {

/// What a core without a guest holds for one.
constexpr VcpuState kNobody = initial_state({});

/// Writes all of `state` (hyp/core/core_state.hpp). ARM DDI 0406C.d.
[[gnu::noinline]] void load_core(const CoreState& state) {  // a test finds VFP in it by this name
    // What the core walks ahead of need must not start from tables of two guests: first stage 1 is
    // off, then stage 2, then the tables change (B3.10.1, B3.15.5).
    cpu::write(cpu::kResetSctlr);
    cpu::isb();
    cpu::write(kPlainHcr);
    cpu::write(state.controls.hcptr);  // a loader may have left one that keeps VFP from HYP too
    cpu::isb();
    load_registers(&state.vcpu.registers);
    if (machine_has<&MachineFacts::has_vfp>()) {
        turn_vfp_on();
        load_vfp(state.vcpu.vfp);
    }
    clear_thumb_ee(this_cpu());
    load_timer(state.vcpu.timer);
    cpu::write(state.physical_timer);
    cpu::write(state.physical_deadline);
    cpu::write(cpu::read<cpu::Dbgdscr>().with(cpu::Dbgdscr::kMethodOfEntry, 0));
    cpu::write(state.controls.hdcr);
    cpu::write(state.controls.hstr);
    cpu::write(state.controls.cnthctl);
    cpu::write(state.vttbr);
    cpu::write(state.vtcr);
    cpu::write(state.vectors);
    cpu::isb();  // before stage 2 is on
    cpu::write(state.controls.hcr);
    cpu::isb();
    // Entries of these VMIDs, or of no stage 2 at all, may be left from earlier guests (B3.10.1),
    // and predictions for branches at their addresses (B2.2.9).
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::operate<cpu::kBpiall>();
    cpu::dsb();
    cpu::isb();
}

}  // namespace

void load_core(const Vcpu& vcpu) {
    const Vm& vm = *vcpu.vm;
    load_core({.vcpu = vcpu.state,
               .controls = vm.controls,
               .vttbr = vm.vttbr,
               .vtcr = mmu::vtcr(vm.config.stage2_start == Stage2Start::kLevel2
                                     ? mmu::Stage2Narrow::kGeometry
                                     : mmu::Stage2::kGeometry),
               .vectors = vcpu.vectors});
}

void clear_core(const CounterSetup& counters) {
    load_core({.vcpu = kNobody,
               .controls = controls_at_rest(counters.control.get(pmu::Pmcr::kN)),
               .vtcr = mmu::vtcr(mmu::Stage2::kGeometry),
               .vectors = plain_vectors()});
    (void)take_pending_abort();  // the next guest would be stopped for it (B1.8.4, HCR.AMO)
    set_up_counters(counters);
}

void set_identity(cpu::Mpidr mpidr) {
    cpu::write(cpu::Vpidr::from(cpu::read<cpu::Midr>().raw));
    cpu::write(cpu::Vmpidr::from(mpidr.raw));
    cpu::write(cpu::Hacr{});
    cpu::write(mmu::vtcr(mmu::Stage2::kGeometry));
    cpu::isb();  // ARM DDI 0406C.d, B3.15.5
}

Left enter(Cpu& cpu) {
    const VcpuState& state = cpu.vcpu->state;
    return static_cast<Left>(
        enter_guest(state.pc, state.psr, &cpu.stack_pointer, state.frame.r[0]));
}

void stop(StopReason reason, std::uint32_t outcome) {
    Cpu& cpu = this_cpu();
    cpu.stop.reason = reason;
    cpu.stop.outcome = outcome;
    cpu.stop.vm = cpu.vcpu->vm->number;
    cpu.stop.trap.pc = guest_pc();
    if (has_own_cores(cpu.vcpu->vm->config)) {
        park(cpu);
        end_others(cpu);
    }
    leave(Left::kStopped);
}

void leave(Left why) { leave_guest(static_cast<std::uint32_t>(why), this_cpu().stack_pointer); }

}  // namespace hm::hyp
