#pragma once
// The UART of a VM: a PL011 with FIFOs of 16 (ARM DDI 0183G) whose line takes no time. What a guest
// writes has left at once, so the transmit FIFO is always empty, and what comes in is followed by
// silence. At the other end is a terminal that is always ready.
//
// It differs from a real one in two ways. It sends even while it is disabled, with eight bits
// whatever the guest has set: nobody has set it up for a guest that was started without firmware,
// and what such a guest says first is what one wants to read. And break, IrDA, DMA and flow control
// are registers without effect.

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/uart/pl011_layout.hpp"
#include "hyp/core/devices.hpp"

namespace hm::hyp {

/// What a write to the UART was.
struct [[nodiscard]] UartWrite {
    bool done = false;  ///< false where there is no register of that size
    std::optional<char> sent{};
};

class VirtualPl011 {
  public:
    /// Revisions before r1p5 have so many (Table 3-21 has the revisions, 2.4.2 the FIFO of r1p5).
    static constexpr std::uint32_t kFifoDepth = 16;

    /// Nothing where there is no register of that size. A read of the data takes a character.
    [[nodiscard]] std::optional<std::uint32_t> read(DeviceAccess access);
    UartWrite write(DeviceAccess access, std::uint32_t value);

    /// A character comes in over the line. False where it is lost: the receiver is off, or there is
    /// no room.
    [[nodiscard]] bool give(char c);

    /// Whether give() would take a character.
    [[nodiscard]] bool takes() const;

    /// UARTFR, which a guest that prints or waits reads again and again.
    [[nodiscard]] uart::Pl011Flags flags() const { return flags_; }

    /// The level of UARTINTR, its one interrupt (2.8.6). Any access and each give() may change it.
    [[nodiscard]] bool interrupt_line() const { return masked().raw != 0; }

  private:
    using Interrupts = uart::Pl011Interrupts;

    [[nodiscard]] bool has_fifo() const { return line_.get(uart::Pl011LineControl::kFifo); }
    [[nodiscard]] std::uint32_t depth() const { return has_fifo() ? kFifoDepth : 1; }
    [[nodiscard]] std::uint32_t receive_level() const;
    [[nodiscard]] bool receives() const;
    [[nodiscard]] Interrupts masked() const { return Interrupts::from(raw_.raw & mask_.raw); }

    [[nodiscard]] std::uint32_t word_at(std::uint32_t offset);
    [[nodiscard]] std::optional<char> write_word(std::uint32_t offset, std::uint32_t value);
    bool receive(char c);
    [[nodiscard]] uart::Pl011Data take();
    void empty_fifo();
    void set_control(uart::Pl011Control control);
    void set_line_control(uart::Pl011LineControl line);
    void note_fifo();

    // As after a reset (Table 3-1), with the modem's lines asserted.
    uart::Pl011Flags flags_ = uart::Pl011Flags{}
                                  .with(uart::Pl011Flags::kTransmitEmpty, true)
                                  .with(uart::Pl011Flags::kReceiveEmpty, true)
                                  .with(uart::Pl011Flags::kCarrier, true)
                                  .with(uart::Pl011Flags::kDataSetReady, true)
                                  .with(uart::Pl011Flags::kClearToSend, true);
    uart::Pl011ReceiveStatus status_{};
    uart::Pl011LowPower low_power_{};
    uart::Pl011BaudInteger baud_integer_{};
    uart::Pl011BaudFraction baud_fraction_{};
    uart::Pl011LineControl line_{};
    uart::Pl011Control control_ = uart::Pl011Control{}
                                      .with(uart::Pl011Control::kReceive, true)
                                      .with(uart::Pl011Control::kTransmit, true);
    uart::Pl011Levels levels_ = uart::Pl011Levels{}
                                    .with(uart::Pl011Levels::kReceive, 0b010)
                                    .with(uart::Pl011Levels::kTransmit, 0b010);
    Interrupts mask_{};
    Interrupts raw_{};
    uart::Pl011Dma dma_{};
    bool overrun_ = false;  ///< the next character that is taken says so
    std::uint32_t first_ = 0;
    std::uint32_t count_ = 0;
    std::array<uart::Pl011Data, kFifoDepth> fifo_{};
};

}  // namespace hm::hyp
