#include "alone/hw/console.hpp"

#include "drivers/reg/hw/mmio.hpp"
#include "drivers/uart/pl011_layout.hpp"

namespace hm::alone {

namespace {

[[gnu::section(".sbss.session")]] std::uint32_t base_of_uart;

uart::Pl011Flags flags() {
    return uart::Pl011Flags::from(reg::Mmio::read(base_of_uart + uart::Pl011Flags::kOffset));
}

/// It asks before each character whether there is room for one: Xen's UART is never quite empty
/// before a line's end.
void put_raw(char c) {
    while (flags().get(uart::Pl011Flags::kTransmitFull)) {
    }
    reg::Mmio::write(base_of_uart + uart::Pl011Data::kOffset, static_cast<unsigned char>(c));
}

}  // namespace

void start_console(std::uint32_t base) { base_of_uart = base; }

void put(char c) {
    if (c == '\n') {
        put_raw('\r');
    }
    put_raw(c);
}

void print(std::string_view text) {
    for (const char c : text) {
        put(c);
    }
}

void drain_console() {
    // An emulated UART may always say that it is busy. At 115,200 bits a second 32 characters,
    // which is all that waits, have left after 3 ms.
    constexpr std::uint32_t kEnough = 1'000'000;
    for (std::uint32_t i = 0; i < kEnough && flags().get(uart::Pl011Flags::kBusy); ++i) {
    }
}

}  // namespace hm::alone
