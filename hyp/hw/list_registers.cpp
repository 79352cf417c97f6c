#include "hyp/hw/list_registers.hpp"

#include <algorithm>

#include "drivers/gic/distributor.hpp"
#include "hyp/hw/injection.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vcpu_switch.hpp"

namespace hm::hyp {

namespace {

std::uint32_t read_gich(std::uint32_t offset) { return reg::Mmio::read(board::kGich + offset); }
void write_gich(std::uint32_t offset, std::uint32_t value) {
    reg::Mmio::write(board::kGich + offset, value);
}

/// List registers that are not empty, of those in `all`, one bit each.
std::uint32_t used_list_registers(std::uint32_t all) {
    return all & ~read_gich(gic::gich::kElrsr0);
}

/// Physical interrupts whose virtual ones are over, although no link says so to the GIC.
void deactivate_all(std::uint32_t interrupts) {
    for (std::uint32_t rest = interrupts; rest != 0; rest &= rest - 1) {
        deactivate(gic::GiccIar{}.with(gic::GiccIar::kIntId,
                                       static_cast<std::uint32_t>(std::countr_zero(rest))));
    }
}

/// The same of passed devices. `interrupts`: as they are in the VM, from 32 on.
void deactivate_passed(const VirtualGic& gic, std::uint32_t interrupts) {
    for (std::uint32_t rest = interrupts; rest != 0; rest &= rest - 1) {
        const IntId id = gic::kFirstSpi + static_cast<IntId>(std::countr_zero(rest));
        deactivate(gic::GiccIar{}.with(gic::GiccIar::kIntId, physical_of(gic, id)));
    }
}

// ---- Parking ------------------------------------------------------------------------------------

/// Loads it again, with what others have changed. The VM's lock is held.
void unpark(Cpu& cpu) {
    Vcpu& vcpu = *cpu.vcpu;
    const InterruptState& from = vcpu.state.interrupts;
    for (std::uint32_t rest = cpu.list_registers; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        write_gich(gic::gich::lr(i), (from.listed >> i & 1) != 0 ? from.lr[i].raw : 0);
    }
    write_gich(gic::GichHcr::kOffset, from.hcr.raw);
    deactivate_all(vcpu.to_deactivate);
    vcpu.to_deactivate = 0;
    follow_enables(vcpu);
    vcpu.vm->is_parked[vcpu.index].store(false, std::memory_order_relaxed);
}

/// The VM's lock is held, so that one that is parked stays so.
void park_other(const Vcpu& self) {
    const Vcpu& other = *self.other;
    const auto is_parked = [&] {
        return other.vm->is_parked[other.index].load(std::memory_order_acquire);
    };
    if (!is_parked()) {
        tell_other(self, kLookInMail);
        wait_until(is_parked);
    }
}

// ---- A virtual CPU's interface as saved ---------------------------------------------------------

// Into their place: copying them would be most of what this takes.

void read_saved(ListRegisters& to, const InterruptState& from) {
    to.used = from.listed;
    to.hcr = from.hcr;
    to.vmcr = from.vmcr;
    for (std::uint32_t i = 0; i < from.lr.size(); ++i) {
        to.words[i] = from.lr[i];
    }
}

void read_hardware(ListRegisters& to, std::uint32_t used) {
    to.used = used;
    to.hcr = gic::GichHcr::from(read_gich(gic::GichHcr::kOffset));
    to.vmcr = gic::GichVmcr::from(read_gich(gic::GichVmcr::kOffset));
    for (std::uint32_t rest = used; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        to.words[i] = ListRegister::from(read_gich(gic::gich::lr(i)));
    }
}

bool signals_timer(const Vcpu& vcpu) {
    return signalled(vcpu.vm->gic, vcpu.index).contains(board::kVirtualTimerInterrupt);
}

/// The physical distributor signals what the emulated one does of passed devices.
[[gnu::noinline]] void follow_passed(Vm& vm) {
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> distributor(bus, board::kGicd);
    for (std::uint32_t i = 0; i < vm.passed_count; ++i) {
        Vm::Passed& one = vm.passed[i];
        const bool signalled_before = one.word.raw != 0;
        one.word = quick_word(vm.gic, one.interrupt);
        if ((one.word.raw != 0) == signalled_before) {
            continue;
        }
        if (signalled_before) {
            distributor.disable(one.physical);
        } else {
            distributor.enable(one.physical);
        }
    }
}

}  // namespace

void park(Cpu& cpu) {
    Vcpu& vcpu = *cpu.vcpu;
    InterruptState& to = vcpu.state.interrupts;
    save_interface(to, cpu.list_registers);
    for (std::uint32_t rest = to.listed; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        to.lr[i] = ListRegister::from(read_gich(gic::gich::lr(i)));
    }
    vcpu.vm->is_parked[vcpu.index].store(true, std::memory_order_release);
    cpu::send_event();
}

void follow_enables(Vcpu& vcpu) {
    const bool signals = signals_timer(vcpu);
    if (signals != vcpu.signals_timer) {
        vcpu.signals_timer = signals;
        signal_timer_interrupt(vcpu);
    }
    if (vcpu.vm->passed_count != 0) [[unlikely]] {
        follow_passed(*vcpu.vm);
    }
}

/// While this virtual CPU is parked, who has asked for that can go on.
void serve_mail(Cpu& cpu, std::uint32_t mail) {
    Vcpu& vcpu = *cpu.vcpu;
    if (vcpu.other == nullptr) {
        return;  // meant for an earlier guest
    }
    if (vcpu.vm->ends.load(std::memory_order_relaxed)) {
        park(cpu);
        leave(Left::kStoppedByOther);
    }
    RunningGic gic(cpu, Reach::kOwn);
    gic->receive(vcpu.index, vcpu.other->index, mail & ~kLookInMail);
}

Exclusive::Exclusive(Cpu& cpu)
    : cpu_(cpu), vm_(*cpu.vcpu->vm), has_own_core_(has_own_cores(vm_.config)) {
    if (has_own_core_) {
        park(cpu);
        vm_.lock.lock();
    }
}

Exclusive::~Exclusive() {
    if (has_own_core_) {
        if (!stays_parked_) {
            unpark(cpu_);
        }
        vm_.lock.unlock();
    }
}

LoadedListRegisters::LoadedListRegisters(Cpu& cpu, Reach reach)
    : Exclusive(cpu),
      first_(has_own_core() && reach == Reach::kOwn ? cpu.vcpu->index : 0),
      count_(has_own_core() && reach == Reach::kOwn ? 1 : vm().gic.cpus) {
    if (has_own_core() && reach == Reach::kWhole) {
        park_other(*cpu.vcpu);
    }
    // There are as many as bits, from bit 0 on.
    const auto count = static_cast<std::uint32_t>(std::countr_one(cpu.list_registers));
    for (std::uint32_t i = first_; i < first_ + count_; ++i) {
        const Vcpu& vcpu = *vm().cpus[i];
        registers_[i].count = count;
        if (is_in_hardware(vcpu)) {
            used_before_ = used_list_registers(cpu.list_registers);
            read_hardware(registers_[i], used_before_);
        } else {
            read_saved(registers_[i], vcpu.state.interrupts);
        }
    }
}

LoadedListRegisters::~LoadedListRegisters() {
    for (std::uint32_t i = first_; i < first_ + count_; ++i) {
        Vcpu& vcpu = *vm().cpus[i];
        vcpu.quick = registers_[i].quick;
        if (is_in_hardware(vcpu)) {
            load(vcpu, registers_[i]);
        } else {
            keep(vcpu, registers_[i]);
        }
    }
    if (registers_[first_].others != 0) {
        tell_other(*cpu().vcpu, kLookInMail);
    }
}

/// What runs here is, unless it is parked.
bool LoadedListRegisters::is_in_hardware(const Vcpu& vcpu) const {
    return !has_own_core() && &vcpu == cpu().vcpu;
}

void LoadedListRegisters::load(Vcpu& vcpu, const ListRegisters& registers) const {
    for (std::uint32_t rest = registers.used | used_before_; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        const bool used = (registers.used >> i & 1) != 0;
        write_gich(gic::gich::lr(i), used ? registers.words[i].raw : 0);
    }
    write_gich(gic::GichHcr::kOffset, registers.hcr.raw);
    deactivate_all(registers.deactivate.own());
    deactivate_passed(vcpu.vm->gic, registers.deactivate.shared());
    follow_enables(vcpu);
}

/// For when it runs again. One that shares the core is woken where an interrupt is pending for it.
void LoadedListRegisters::keep(Vcpu& vcpu, const ListRegisters& registers) {
    InterruptState& to = vcpu.state.interrupts;
    to.listed = registers.used;
    to.hcr = registers.hcr;
    std::copy_n(registers.words.begin(), to.lr.size(), to.lr.begin());
    if (has_own_core()) {
        vcpu.to_deactivate |= registers.deactivate.own();
        return;
    }
    to.active &= ~registers.deactivate.own();
    vcpu.signals_timer = signals_timer(vcpu);
    if (cpu().scheduler.shares() && has_pending(to)) {
        Scheduler::wake(vcpu);
        arm_timer();
    }
}

RunningGic::RunningGic(Cpu& cpu, Reach reach)
    : LoadedListRegisters(cpu, reach), whole_(cpu.vcpu->vm->gic, registers(), first()) {}

}  // namespace hm::hyp
