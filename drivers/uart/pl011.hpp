#pragma once
// The PL011 UART as a polled console (ARM DDI 0183G, chapter 3).

#include <cstdint>
#include <optional>

#include "drivers/reg/bus.hpp"
#include "drivers/uart/pl011_layout.hpp"

namespace hm::uart {

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
        bus_.write(base_ + Pl011Data::kOffset, static_cast<unsigned char>(c));
    }

    /// Waits until the last character has left, for callers that end the machine.
    void drain() {
        while (flags().get(Pl011Flags::kBusy)) {
        }
    }

    /// A character, if one was received. Its errors are ignored.
    [[nodiscard]] std::optional<char> get() {
        if (flags().get(Pl011Flags::kReceiveEmpty)) {
            return std::nullopt;
        }
        return static_cast<char>(
            Pl011Data::from(bus_.read(base_ + Pl011Data::kOffset)).get(Pl011Data::kCharacter));
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
