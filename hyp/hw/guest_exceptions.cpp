// Exceptions that the monitor gives to the guest that runs.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/mmu/address.hpp"
#include "drivers/mmu/control.hpp"
#include "hyp/core/guest_exception.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

void keep(GuestException exception, Hsr hsr) {
    Cpu& cpu = this_cpu();
    GivenException& last = cpu.stop.given;
    last = {.count = last.count + 1,
            .vm = cpu.vcpu->vm->number,
            .exception = exception,
            .trap = trap_of(hsr)};
}

[[nodiscard]] ExceptionEntry entry_of(GuestException exception) {
    return entry_of(exception, {.pc = guest_pc(),
                                .psr = guest_psr(),
                                .sctlr = cpu::read<cpu::Sctlr>(),
                                .vbar = cpu::read<cpu::Vbar>()});
}

void enter(const ExceptionEntry& entry) {
    const std::uint32_t before = guest_psr().raw;
    if (entry.psr.get(cpu::Psr::kMode) == cpu::Mode::kUnd) {
        asm volatile("msr lr_und, %0\n\tmsr spsr_und, %1" : : "r"(entry.lr), "r"(before));
    } else {
        asm volatile("msr lr_abt, %0\n\tmsr spsr_abt, %1" : : "r"(entry.lr), "r"(before));
    }
    set_guest_pc(entry.pc);
    set_guest_psr(entry.psr);
}

}  // namespace

void serve_undefined(Hsr hsr, TrapFrame&) {
    if (is_executed_else_step_over(hsr, guest_psr())) {
        keep(GuestException::kUndefined, hsr);
        enter(entry_of(GuestException::kUndefined));
    }
}

void give_abort(Hsr hsr, TrapFrame& frame) {
    if (is_idle_maintenance(hsr)) {
        step_over(hsr, guest_psr());
        return;
    }
    const auto fault = fault_for(hsr);
    if (!fault) {
        refuse(hsr, frame);
    }
    const std::uint32_t status =
        fault_status(*fault, hsr, cpu::read<mmu::Ttbcr>().get(mmu::Ttbcr::kEae));
    const std::uint32_t address = fault_address(hsr);
    if (hsr.get(Hsr::kEc) == ExceptionClass::kDataAbortLower) {
        keep(GuestException::kDataAbort, hsr);
        cpu::write(cpu::Dfsr::from(status));
        cpu::write(cpu::Dfar::from(address));
        enter(entry_of(GuestException::kDataAbort));
        return;
    }
    const ExceptionEntry entry = entry_of(GuestException::kPrefetchAbort);
    if (entry.pc / mmu::kFrameBytes == address / mmu::kFrameBytes) {
        refuse(hsr, frame, Refusal::kNoVectors);
    }
    keep(GuestException::kPrefetchAbort, hsr);
    cpu::write(cpu::Ifsr::from(status));
    cpu::write(cpu::Ifar::from(address));
    enter(entry);
}

}  // namespace hm::hyp
