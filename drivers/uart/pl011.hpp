#pragma once
// The PL011 UART as a polled console (ARM DDI 0183G, chapter 3).

#include <cstdint>
#include <optional>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::uart {

struct Pl011Flags : reg::Layout<Pl011Flags> {  // UARTFR, 3.3.3
    static constexpr std::uint32_t kOffset = 0x18;
    static constexpr reg::Field<7> kTransmitEmpty{};
    static constexpr reg::Field<4> kReceiveEmpty{};
    static constexpr reg::Field<3> kBusy{};
};
struct Pl011LineControl : reg::Layout<Pl011LineControl> {  // UARTLCR_H, 3.3.7
    static constexpr std::uint32_t kOffset = 0x2c;
    static constexpr reg::Field<6, 5> kWordLength{};  // 3: eight bits
    static constexpr reg::Field<4> kFifo{};
};
struct Pl011Control : reg::Layout<Pl011Control> {  // UARTCR, 3.3.8
    static constexpr std::uint32_t kOffset = 0x30;
    static constexpr reg::Field<9> kReceive{};
    static constexpr reg::Field<8> kTransmit{};
    static constexpr reg::Field<0> kEnable{};
};

template <reg::Bus B>
class Pl011 {
  public:
    constexpr Pl011(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// Enables the UART with eight bits and FIFO. The baud rate stays as the firmware set it.
    void start() {
        bus_.write(base_ + Pl011LineControl::kOffset, Pl011LineControl{}
                                                          .with(Pl011LineControl::kWordLength, 3)
                                                          .with(Pl011LineControl::kFifo, true)
                                                          .raw);
        bus_.write(base_ + Pl011Control::kOffset, Pl011Control{}
                                                      .with(Pl011Control::kEnable, true)
                                                      .with(Pl011Control::kTransmit, true)
                                                      .with(Pl011Control::kReceive, true)
                                                      .raw);
    }

    /// Reads the flags only once for as many characters as an empty FIFO takes: most of a run's
    /// time goes into device accesses, above all under an emulator.
    void put(char c) {
        if (room_ == 0) {
            while (!flags().get(Pl011Flags::kTransmitEmpty)) {
            }
            room_ = kFifoDepth;
        }
        --room_;
        bus_.write(base_, static_cast<unsigned char>(c));  // UARTDR, 3.3.1
    }

    /// Waits until the last character has left, for callers that end the machine.
    void drain() {
        while (flags().get(Pl011Flags::kBusy)) {
        }
    }

    /// A character, if one was received. The error bits above it are ignored (3.3.1).
    [[nodiscard]] std::optional<char> get() {
        if (flags().get(Pl011Flags::kReceiveEmpty)) {
            return std::nullopt;
        }
        return static_cast<char>(bus_.read(base_));
    }

  private:
    [[nodiscard]] Pl011Flags flags() {
        return Pl011Flags::from(bus_.read(base_ + Pl011Flags::kOffset));
    }

    static constexpr std::uint32_t kFifoDepth = 16;  // of the smallest revision (2.4.2)

    B& bus_;
    std::uint32_t base_;
    std::uint32_t room_ = 0;  ///< characters that are sure to fit
};

}  // namespace hm::uart
