#include "board/hw/console.hpp"

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "drivers/semihosting/hw/semihosting.hpp"
#include "drivers/uart/console.hpp"

namespace hm::board {

namespace {

static_assert(uart::Console<board::Uart<reg::Mmio>>);
reg::Mmio bus;
constinit board::Uart<reg::Mmio> uart_device{bus, board::kUart};

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

void drain_console() { uart_device.drain(); }

std::optional<char> get() { return uart_device.get(); }

void power_off(std::uint32_t status) {
    drain_console();
    if constexpr (board::kSemihosting) {
        semihosting::exit(status);
    }
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

}  // namespace hm::board
