#pragma once
// The UART of NXP's i.MX SoCs as a polled console. Registers and fields: U-Boot v2023.01,
// drivers/serial/serial_mxc.c; Linux, drivers/tty/serial/imx.c; QEMU, hw/char/imx_serial.c.

#include <cstdint>
#include <optional>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::uart {

struct ImxReceive : reg::Layout<ImxReceive> {  // URXD; its upper bits say what was wrong
    static constexpr std::uint32_t kOffset = 0x00;
    static constexpr reg::Field<7, 0> kCharacter{};
};
struct ImxTransmit : reg::Layout<ImxTransmit> {  // UTXD
    static constexpr std::uint32_t kOffset = 0x40;
};
struct ImxControl1 : reg::Layout<ImxControl1> {  // UCR1; all else are interrupts, DMA and infrared
    static constexpr std::uint32_t kOffset = 0x80;
    static constexpr reg::Field<0> kEnable{};
};
struct ImxControl2 : reg::Layout<ImxControl2> {  // UCR2
    static constexpr std::uint32_t kOffset = 0x84;
    static constexpr reg::Field<2> kTransmit{};
    static constexpr reg::Field<1> kReceive{};
    static constexpr reg::Field<0> kNoReset{};  ///< SRST: written as 0, it resets the UART
};
struct ImxStatus2 : reg::Layout<ImxStatus2> {  // USR2
    static constexpr std::uint32_t kOffset = 0x98;
    static constexpr reg::Field<3> kTransmitComplete{};  ///< the shift register too
};
struct ImxTest : reg::Layout<ImxTest> {  // UTS
    static constexpr std::uint32_t kOffset = 0xb4;
    static constexpr reg::Field<6> kTransmitEmpty{};
    static constexpr reg::Field<5> kReceiveEmpty{};
};

template <reg::Bus B>
class ImxUart {
  public:
    constexpr ImxUart(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// Polled, in both directions. Format and baud rate stay as the firmware set them.
    void start() {
        write(ImxControl1{}.with(ImxControl1::kEnable, true));
        write(read<ImxControl2>()
                  .with(ImxControl2::kTransmit, true)
                  .with(ImxControl2::kReceive, true)
                  .with(ImxControl2::kNoReset, true));
    }

    /// Reads the status only once for as many characters as an empty FIFO takes: most of a run's
    /// time goes into device accesses, above all under an emulator.
    void put(char c) {
        if (room_ == 0) {
            while (!read<ImxTest>().get(ImxTest::kTransmitEmpty)) {
            }
            room_ = kFifoDepth;
        }
        --room_;
        write(ImxTransmit::from(static_cast<unsigned char>(c)));
    }

    /// Waits until the last character has left, for callers that end the machine.
    void drain() {
        while (!read<ImxStatus2>().get(ImxStatus2::kTransmitComplete)) {
        }
    }

    /// A character, if one was received. Its errors are ignored.
    [[nodiscard]] std::optional<char> get() {
        if (read<ImxTest>().get(ImxTest::kReceiveEmpty)) {
            return std::nullopt;
        }
        return static_cast<char>(read<ImxReceive>().get(ImxReceive::kCharacter));
    }

  private:
    template <class R>
    [[nodiscard]] R read() {
        return R::from(bus_.read(base_ + R::kOffset));
    }
    template <class R>
    void write(R value) {
        bus_.write(base_ + R::kOffset, value.raw);
    }

    static constexpr std::uint32_t kFifoDepth = 32;  // hw/char/imx_serial.c, at its top

    B& bus_;
    std::uint32_t base_;
    std::uint32_t room_ = 0;  ///< characters that are sure to fit
};

}  // namespace hm::uart
