#pragma once
// The UART of Samsung's Exynos SoCs as a polled console. Registers and fields are those of Linux,
// include/linux/serial_s3c.h (S3C2410_*, and S5PV210_UFSTAT_* for the FIFO status), and of QEMU,
// hw/char/exynos4210_uart.c; the two agree. U-Boot v2023.01 drives them in
// drivers/serial/serial_s5p.c.

#include <cstdint>
#include <optional>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::uart {

struct ExynosLineControl : reg::Layout<ExynosLineControl> {  // ULCON
    static constexpr std::uint32_t kOffset = 0x00;
    static constexpr reg::Field<6> kInfrared{};
    static constexpr reg::Field<5, 3> kParity{};  // below 4: none
    static constexpr reg::Field<2> kTwoStopBits{};
    static constexpr reg::Field<1, 0> kWordLength{};  // 3: eight bits
};

enum class ExynosTransfer : std::uint32_t { kOff = 0, kPolled = 1 };  // or by interrupt

struct ExynosControl : reg::Layout<ExynosControl> {  // UCON; bit 10 and above choose the clock
    static constexpr std::uint32_t kOffset = 0x04;
    static constexpr reg::Field<5> kLoopback{};
    static constexpr reg::Field<4> kSendBreak{};
    static constexpr reg::Field<3, 2, ExynosTransfer> kTransmit{};
    static constexpr reg::Field<1, 0, ExynosTransfer> kReceive{};
};
struct ExynosFifoControl : reg::Layout<ExynosFifoControl> {  // UFCON
    static constexpr std::uint32_t kOffset = 0x08;
    static constexpr reg::Field<2> kResetTransmit{};
    static constexpr reg::Field<1> kResetReceive{};
    static constexpr reg::Field<0> kEnable{};
};
struct ExynosStatus : reg::Layout<ExynosStatus> {  // UTRSTAT
    static constexpr std::uint32_t kOffset = 0x10;
    static constexpr reg::Field<2> kTransmitterEmpty{};  // the shift register too
};
struct ExynosFifoStatus : reg::Layout<ExynosFifoStatus> {  // UFSTAT; a full FIFO counts as zero
    static constexpr std::uint32_t kOffset = 0x18;
    static constexpr reg::Field<24> kTransmitFull{};
    static constexpr reg::Field<23, 16> kTransmitCount{};
    static constexpr reg::Field<8> kReceiveFull{};
    static constexpr reg::Field<7, 0> kReceiveCount{};
};
struct ExynosTransmit : reg::Layout<ExynosTransmit> {  // UTXH
    static constexpr std::uint32_t kOffset = 0x20;
};
struct ExynosReceive : reg::Layout<ExynosReceive> {  // URXH
    static constexpr std::uint32_t kOffset = 0x24;
    static constexpr reg::Field<7, 0> kCharacter{};
};

template <reg::Bus B>
class ExynosUart {
  public:
    constexpr ExynosUart(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// Eight bits, no parity, one stop bit, FIFOs on, polled. Clock, divisors and the contents of
    /// the FIFOs stay as the firmware left them.
    void start() {
        write(ExynosLineControl{}.with(ExynosLineControl::kWordLength, 3));
        write(read<ExynosControl>()
                  .with(ExynosControl::kLoopback, false)
                  .with(ExynosControl::kSendBreak, false)
                  .with(ExynosControl::kTransmit, ExynosTransfer::kPolled)
                  .with(ExynosControl::kReceive, ExynosTransfer::kPolled));
        write(ExynosFifoControl{}.with(ExynosFifoControl::kEnable, true));
    }

    /// Checks for room before every character: FIFOs hold 16 to 256, depending on the channel
    /// (Exynos 4210: QEMU, hw/arm/exynos4210.c, EXYNOS4210_UART0_FIFO_SIZE and the others).
    void put(char c) {
        while (read<ExynosFifoStatus>().get(ExynosFifoStatus::kTransmitFull)) {
        }
        write(ExynosTransmit::from(static_cast<unsigned char>(c)));
    }

    /// Waits until the last character has left, for callers that end the machine.
    void drain() {
        for (;;) {
            const ExynosFifoStatus fifo = read<ExynosFifoStatus>();
            if (!fifo.get(ExynosFifoStatus::kTransmitFull) &&
                fifo.get(ExynosFifoStatus::kTransmitCount) == 0 &&
                read<ExynosStatus>().get(ExynosStatus::kTransmitterEmpty)) {
                return;
            }
        }
    }

    /// A character, if one was received.
    [[nodiscard]] std::optional<char> get() {
        const ExynosFifoStatus fifo = read<ExynosFifoStatus>();
        if (!fifo.get(ExynosFifoStatus::kReceiveFull) &&
            fifo.get(ExynosFifoStatus::kReceiveCount) == 0) {
            return std::nullopt;
        }
        return static_cast<char>(read<ExynosReceive>().get(ExynosReceive::kCharacter));
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

    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::uart
