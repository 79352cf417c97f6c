#include "hyp/hw/guest_uart.hpp"

#include "board/hw/console.hpp"
#include "hyp/hw/device_traps.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/this_cpu.hpp"

namespace hm::hyp {

namespace {

/// The VM's GIC sees the level of the UART's interrupt, which what was done with it may have
/// changed.
void follow_line(Cpu& cpu, Vm& vm) {
    const IntId interrupt = vm.config.uart->interrupt;
    if (interrupt == 0 || vm.config.routing == InterruptRouting::kStraight ||
        vm.uart.interrupt_line() == vm.uart_line) {
        return;
    }
    RunningGic gic(cpu);
    vm.uart_line = vm.uart.interrupt_line();  // of now: another core may have been there
    gic->set_line(0, interrupt, vm.uart_line);
}

[[gnu::noinline]] DeviceValue read_other(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    Cpu& cpu = this_cpu();
    std::optional<std::uint32_t> found;
    {
        const Exclusive exclusive(cpu);
        found = vcpu.vm->uart.read({.offset = offset, .bytes = bytes});
    }
    follow_line(cpu, *vcpu.vm);
    return found ? DeviceValue{*found} : kNoRegister;
}

DeviceValue read_uart(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    if (!is_word_at(offset, bytes, uart::Pl011Flags::kOffset)) [[unlikely]] {
        return read_other(vcpu, offset, bytes);
    }
    return vcpu.vm->uart.flags().raw;
}

bool write_uart(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
    Cpu& cpu = this_cpu();
    Vm& vm = *vcpu.vm;
    UartWrite written;
    {
        const Exclusive exclusive(cpu);
        written = vm.uart.write({.offset = offset, .bytes = bytes}, value);
        if (written.sent) {
            vm.text.put(*written.sent, board::console());
        }
    }
    follow_line(cpu, vm);
    return written.done;
}

}  // namespace

Device uart_at(mmu::Ipa base) {
    return {.range = {base, mmu::kFrameBytes}, .read = read_uart, .write = write_uart};
}

bool give(Cpu& cpu, Vm& vm, char c) {
    bool taken = false;
    {
        const Exclusive exclusive(cpu);
        taken = vm.uart.give(c);
    }
    if (taken) {
        follow_line(cpu, vm);
    }
    return taken;
}

void take_input(Cpu& cpu, std::uint64_t time) {
    Vm& vm = *cpu.vcpu->vm;
    cpu.next_look = time + vm.config.uart->look_for_input;
    while (vm.uart.takes()) {
        const auto c = board::get();
        if (!c || !give(cpu, vm, *c)) {
            break;
        }
    }
}

void end_text(Vm& vm) { vm.text.end(board::console()); }

}  // namespace hm::hyp
