#include "boot/console.hpp"

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "drivers/semihosting/hw/semihosting.hpp"
#include "drivers/uart/pl011.hpp"

namespace hm::boot {

namespace {

reg::Mmio bus;
constinit uart::Pl011<reg::Mmio> uart_device{bus, board::kUart};

}  // namespace

void start_console() { uart_device.start(); }

void put(char c) {
    if (c == '\n') {
        uart_device.put('\r');
    }
    uart_device.put(c);
}

measure::CharSink console() {
    static auto to_uart = [](char c) { put(c); };
    return measure::CharSink(to_uart);
}

void print_hex(std::uint64_t value) { measure::put_address(console(), value); }

void power_off(std::uint32_t status) {
    uart_device.drain();
    semihosting::exit(status);
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

}  // namespace hm::boot
