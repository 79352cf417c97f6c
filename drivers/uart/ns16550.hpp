#pragma once
// A UART of the 16550 family as a polled console, with each register in a word of its own, as in
// Synopsys' DW_apb_uart (National Semiconductor, PC16550D data sheet, chapter 8; Allwinner H3
// Datasheet, "UART"; QEMU, hw/char/serial.c).

#include <cstdint>
#include <optional>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::uart {

/// RBR where it is read, THR where it is written; DLL while LCR.DLAB is set, which nobody does
/// here.
struct Ns16550Data : reg::Layout<Ns16550Data> {
    static constexpr std::uint32_t kOffset = 0x00;
    static constexpr reg::Field<7, 0> kCharacter{};
};
struct Ns16550InterruptEnable : reg::Layout<Ns16550InterruptEnable> {  // IER
    static constexpr std::uint32_t kOffset = 0x04;
};
struct Ns16550FifoControl : reg::Layout<Ns16550FifoControl> {  // FCR, written only
    static constexpr std::uint32_t kOffset = 0x08;
    static constexpr reg::Field<2> kResetTransmit{};
    static constexpr reg::Field<1> kResetReceive{};
    static constexpr reg::Field<0> kEnable{};
};
struct Ns16550LineStatus : reg::Layout<Ns16550LineStatus> {  // LSR
    static constexpr std::uint32_t kOffset = 0x14;
    static constexpr reg::Field<6> kTransmitterEmpty{};  ///< the shift register too
    static constexpr reg::Field<5> kTransmitFifoEmpty{};
    static constexpr reg::Field<0> kDataReady{};
};

template <reg::Bus B>
class Ns16550 {
  public:
    constexpr Ns16550(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// Polled, with FIFOs. Format and baud rate stay as the firmware set them: DW_apb_uart ignores
    /// a write of LCR while it is busy, and signals that by an interrupt.
    void start() {
        write(Ns16550InterruptEnable{});
        write(Ns16550FifoControl{}.with(Ns16550FifoControl::kEnable, true));
    }

    /// Reads the status only once for as many characters as an empty FIFO takes: most of a run's
    /// time goes into device accesses, above all under an emulator.
    void put(char c) {
        if (room_ == 0) {
            while (!status().get(Ns16550LineStatus::kTransmitFifoEmpty)) {
            }
            room_ = kFifoDepth;
        }
        --room_;
        write(Ns16550Data::from(static_cast<unsigned char>(c)));
    }

    /// Waits until the last character has left, for callers that end the machine.
    void drain() {
        while (!status().get(Ns16550LineStatus::kTransmitterEmpty)) {
        }
    }

    /// A character, if one was received. Its errors are ignored.
    [[nodiscard]] std::optional<char> get() {
        if (!status().get(Ns16550LineStatus::kDataReady)) {
            return std::nullopt;
        }
        return static_cast<char>(Ns16550Data::from(bus_.read(base_ + Ns16550Data::kOffset))
                                     .get(Ns16550Data::kCharacter));
    }

  private:
    [[nodiscard]] Ns16550LineStatus status() {
        return Ns16550LineStatus::from(bus_.read(base_ + Ns16550LineStatus::kOffset));
    }
    template <class R>
    void write(R value) {
        bus_.write(base_ + R::kOffset, value.raw);
    }

    static constexpr std::uint32_t kFifoDepth = 16;  // of the smallest

    B& bus_;
    std::uint32_t base_;
    std::uint32_t room_ = 0;  ///< characters that are sure to fit
};

}  // namespace hm::uart
