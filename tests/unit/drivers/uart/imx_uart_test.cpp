#include "drivers/uart/imx_uart.hpp"

#include <gtest/gtest.h>

#include <string>

#include "drivers/uart/console.hpp"
#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::uart {
namespace {

static_assert(Console<ImxUart<test::FakeBus>>);

// UART1 of an i.MX7D; registers as in struct mxc_uart of U-Boot, drivers/serial/serial_mxc.c.
constexpr std::uint32_t kUart1 = 0x3086'0000;
constexpr std::uint32_t kUtxd = kUart1 + 0x40;
constexpr std::uint32_t kUcr1 = kUart1 + 0x80;
constexpr std::uint32_t kUcr2 = kUart1 + 0x84;
constexpr std::uint32_t kUsr2 = kUart1 + 0x98;
constexpr std::uint32_t kUts = kUart1 + 0xB4;

/// 32 characters of FIFO, which are gone after the status was read so many times.
struct SlowImxFifo {
    std::uint32_t looks_until_empty = 0;
    std::uint32_t looks = 0;
    std::uint32_t held = 0;
    std::uint32_t lost = 0;
    std::string sent;

    std::uint32_t read(std::uint32_t address) {
        EXPECT_EQ(address, kUts);
        ++looks;
        if (looks_until_empty > 0) {
            --looks_until_empty;
        } else {
            held = 0;
        }
        return held == 0 ? 0x60 : 0x20;  // TXEMPTY, RXEMPTY
    }
    void write(std::uint32_t address, std::uint32_t value) {
        EXPECT_EQ(address, kUtxd);
        held < 32 ? ++held : ++lost;
        sent += static_cast<char>(value);
    }
};

TEST(ImxUart, StartsWithoutInterruptsAndLeavesTheFormatAlone) {
    test::FakeBus bus;
    bus.answer(kUcr2, {0x4020});  // WS, IRTS: as U-Boot sets them
    ImxUart(bus, kUart1).start();
    EXPECT_EQ(bus.history, (test::History{test::write(kUcr1, 1), test::read(kUcr2, 0x4020),
                                          test::write(kUcr2, 0x4027)}));
}

TEST(ImxUart, SendsEveryCharacterAndAsksOnceForThirtyTwo) {
    SlowImxFifo bus;
    ImxUart uart(bus, kUart1);
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += static_cast<char>('!' + i % 90);
        uart.put(text.back());
    }
    EXPECT_EQ(bus.sent, text);
    EXPECT_EQ(bus.looks, 4U);
    EXPECT_EQ(bus.lost, 0U);
}

TEST(ImxUart, WaitsForAFifoThatIsSlow) {
    SlowImxFifo bus;
    ImxUart uart(bus, kUart1);
    for (int i = 0; i < 96; ++i) {
        bus.looks_until_empty = i % 32 == 0 ? 50 : bus.looks_until_empty;
        uart.put('x');
    }
    EXPECT_EQ(bus.lost, 0U);
    EXPECT_GE(bus.looks, 100U);
}

TEST(ImxUart, ACharacterAbove127IsSentAsOneByte) {
    test::FakeBus bus;
    bus.answer(kUts, {0x60});
    ImxUart(bus, kUart1).put(static_cast<char>(0xE9));
    EXPECT_EQ(bus.history, (test::History{test::read(kUts, 0x60), test::write(kUtxd, 0xE9)}));
}

TEST(ImxUart, DrainWaitsForTheShiftRegisterToo) {
    test::FakeBus bus;
    bus.answer(kUsr2, {0x4000, 0x4008});  // TXFE, and then TXDC too
    ImxUart(bus, kUart1).drain();
    EXPECT_EQ(bus.history, (test::History{test::read(kUsr2, 0x4000), test::read(kUsr2, 0x4008)}));
}

TEST(ImxUart, NothingIsReceivedWhileItsFifoIsEmpty) {
    test::FakeBus bus;
    bus.answer(kUts, {0x20});
    EXPECT_EQ(ImxUart(bus, kUart1).get(), std::nullopt);
    EXPECT_EQ(bus.history, (test::History{test::read(kUts, 0x20)}));
}

TEST(ImxUart, ACharacterIsTakenWithoutWhatIsSaidOfIt) {
    test::FakeBus bus;
    bus.answer(kUts, {0x40});
    bus.answer(kUart1, {0x8041});  // CHARRDY
    EXPECT_EQ(ImxUart(bus, kUart1).get(), 'A');
}

}  // namespace
}  // namespace hm::uart
