#include "board/hw/console.hpp"

#include "board.hpp"
#include "drivers/reg/hw/mmio.hpp"
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

}  // namespace hm::board
