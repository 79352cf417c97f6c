#include "hyp/hw/guest_uart.hpp"

#include "board/hw/console.hpp"
#include "hyp/hw/device_traps.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/this_cpu.hpp"

namespace hm::hyp {

namespace {

[[gnu::noinline]] DeviceValue read_other(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    const Exclusive exclusive(this_cpu());
    const auto found = vcpu.vm->uart.read({.offset = offset, .bytes = bytes});
    return found ? DeviceValue{*found} : kNoRegister;
}

DeviceValue read_uart(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    if (!is_word_at(offset, bytes, uart::Pl011Flags::kOffset)) [[unlikely]] {
        return read_other(vcpu, offset, bytes);
    }
    return vcpu.vm->uart.flags().raw;
}

bool write_uart(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
    const Exclusive exclusive(this_cpu());
    Vm& vm = *vcpu.vm;
    const UartWrite written = vm.uart.write({.offset = offset, .bytes = bytes}, value);
    if (written.sent) {
        vm.text.put(*written.sent, board::console());
    }
    return written.done;
}

}  // namespace

Device uart_at(mmu::Ipa base) {
    return {.range = {base, mmu::kFrameBytes}, .read = read_uart, .write = write_uart};
}

void end_text(Vm& vm) { vm.text.end(board::console()); }

}  // namespace hm::hyp
