#include "guest/hw/second_cpu.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/control.hpp"
#include "guest/hw/jobs.hpp"
#include "guest/hw/machine.hpp"

extern "C" {
void second_cpu_start();  // start.S
}

namespace hm::guest {

namespace {

alignas(8) std::byte stack[2048];
volatile Answers the_answers;

/// What second_cpu_start loads with its caches off, in this order: the first CPU's own.
struct alignas(64) FirstRegisters {
    std::uint32_t mair0, ttbcr, ttbr0[2], sctlr, vbar, sp;
};
FirstRegisters first_registers;

}  // namespace

volatile Answers& answers() { return the_answers; }

bool start_second_cpu() {
    const std::uint64_t ttbr0 = cpu::read<cpu::Ttbr0>().raw;
    first_registers = {
        .mair0 = cpu::read<cpu::Mair0>().raw,
        .ttbcr = cpu::read<mmu::Ttbcr>().raw,
        .ttbr0 = {static_cast<std::uint32_t>(ttbr0), static_cast<std::uint32_t>(ttbr0 >> 32)},
        .sctlr = cpu::read<cpu::Sctlr>().raw,
        .vbar = cpu::read<cpu::Vbar>().raw,
        .sp = reinterpret_cast<std::uint32_t>(stack + sizeof stack)};
    const auto begin = reinterpret_cast<std::uint32_t>(&first_registers);
    cpu::clean_invalidate_data(begin, begin + sizeof first_registers);
    const std::uint32_t before = answers().count;
    const auto self = power::psci::target_of(cpu::read<cpu::Mpidr>());
    const auto status = firmware_call(
        power::psci::cpu_on(self.with(power::psci::Target::kAff0, 1),
                            reinterpret_cast<std::uint32_t>(&second_cpu_start), begin));
    if (static_cast<power::psci::Status>(status) != power::psci::Status::kSuccess) {
        return false;
    }
    while (answers().count == before) {
        hypercall<measure::Hypercall::kYield>();  // where both share a core
        cpu::wait_for_event();
    }
    return true;
}

extern "C" [[noreturn]] void guest_second_cpu() {
    kernel().start_own_interrupt(kIpi);
    kernel().start_cpu_interface();
    for (;;) {
        the_answers.count = the_answers.count + 1;
        cpu::send_event();
        gic::GiccIar interrupt{};
        do {
            cpu::wait_for_interrupt();
            interrupt = kernel().acknowledge();
        } while (interrupt.get(gic::GiccIar::kIntId) != kIpi);
        the_answers.taken_at = static_cast<std::uint32_t>(ApplicationMachine::count());
        kernel().end(interrupt);
    }
}

}  // namespace hm::guest
