#include "hyp/hw/list_registers.hpp"

#include "hyp/hw/injection.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

std::uint32_t read_gich(std::uint32_t offset) { return reg::Mmio::read(board::kGich + offset); }
void write_gich(std::uint32_t offset, std::uint32_t value) {
    reg::Mmio::write(board::kGich + offset, value);
}

/// Physical interrupts whose virtual ones are over, although no link says so to the GIC.
void deactivate_all(std::uint32_t interrupts) {
    for (std::uint32_t rest = interrupts; rest != 0; rest &= rest - 1) {
        deactivate(gic::GiccIar{}.with(gic::GiccIar::kIntId,
                                       static_cast<std::uint32_t>(std::countr_zero(rest))));
    }
}

}  // namespace

void follow_enables(Vcpu& vcpu) {
    const bool signals = signalled(vcpu.vm->gic, 0).contains(board::kVirtualTimerInterrupt);
    if (signals != vcpu.signals_timer) {
        vcpu.signals_timer = signals;
        signal_timer_interrupt(vcpu);
    }
}

LoadedListRegisters::LoadedListRegisters(Cpu& cpu)
    : cpu_(cpu), used_before_(cpu.list_registers & ~read_gich(gic::gich::kElrsr0)) {
    // There are as many as bits, from bit 0 on.
    registers_.count = static_cast<std::uint32_t>(std::countr_one(cpu.list_registers));
    registers_.used = used_before_;
    registers_.hcr = gic::GichHcr::from(read_gich(gic::GichHcr::kOffset));
    registers_.vmcr = gic::GichVmcr::from(read_gich(gic::GichVmcr::kOffset));
    for (std::uint32_t rest = used_before_; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        registers_.words[i] = ListRegister::from(read_gich(gic::gich::lr(i)));
    }
}

LoadedListRegisters::~LoadedListRegisters() {
    for (std::uint32_t rest = registers_.used | used_before_; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        const bool used = (registers_.used >> i & 1) != 0;
        write_gich(gic::gich::lr(i), used ? registers_.words[i].raw : 0);
    }
    write_gich(gic::GichHcr::kOffset, registers_.hcr.raw);
    Vcpu& vcpu = *cpu_.vcpu;
    vcpu.quick = registers_.quick;
    deactivate_all(registers_.deactivate.own());
    follow_enables(vcpu);
}

RunningGic::RunningGic(Cpu& cpu)
    : LoadedListRegisters(cpu), whole_(cpu.vcpu->vm->gic, registers()) {}

}  // namespace hm::hyp
