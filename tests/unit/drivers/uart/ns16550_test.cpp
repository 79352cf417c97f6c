#include "drivers/uart/ns16550.hpp"

#include <gtest/gtest.h>

#include <string>

#include "drivers/uart/console.hpp"
#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::uart {
namespace {

static_assert(Console<Ns16550<test::FakeBus>>);

// UART0 of an H3, whose registers are four bytes apart; PC16550D data sheet, 8.0.
constexpr std::uint32_t kUart0 = 0x01C2'8000;
constexpr std::uint32_t kIer = kUart0 + 4 * 1;
constexpr std::uint32_t kFcr = kUart0 + 4 * 2;
constexpr std::uint32_t kLsr = kUart0 + 4 * 5;

/// 16 bytes of FIFO, which are empty after the status was read so many times.
struct SlowFifo {
    std::uint32_t looks_until_empty = 0;
    std::uint32_t looks = 0;
    std::uint32_t held = 0;
    std::uint32_t lost = 0;
    std::string sent;

    std::uint32_t read(std::uint32_t address) {
        EXPECT_EQ(address, kLsr);
        ++looks;
        if (looks_until_empty > 0) {
            --looks_until_empty;
        } else {
            held = 0;
        }
        return held == 0 ? 0x60 : 0;
    }
    void write(std::uint32_t address, std::uint32_t value) {
        EXPECT_EQ(address, kUart0);
        held < 16 ? ++held : ++lost;
        sent += static_cast<char>(value);
    }
};

TEST(Ns16550, StartsWithFifosAndWithoutInterruptsAndLeavesFormatAndDivisorsAlone) {
    test::FakeBus bus;
    Ns16550(bus, kUart0).start();
    EXPECT_EQ(bus.history, (test::History{test::write(kIer, 0), test::write(kFcr, 1)}));
}

TEST(Ns16550, SendsEveryCharacterAndAsksOnceForSixteen) {
    SlowFifo bus;
    Ns16550 uart(bus, kUart0);
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += static_cast<char>('!' + i % 90);
        uart.put(text.back());
    }
    EXPECT_EQ(bus.sent, text);
    EXPECT_EQ(bus.looks, 7U);
    EXPECT_EQ(bus.lost, 0U);
}

TEST(Ns16550, WaitsForAFifoThatIsSlow) {
    SlowFifo bus;
    Ns16550 uart(bus, kUart0);
    for (int i = 0; i < 64; ++i) {
        bus.looks_until_empty = i % 16 == 0 ? 50 : bus.looks_until_empty;
        uart.put('x');
    }
    EXPECT_EQ(bus.lost, 0U);
    EXPECT_GE(bus.looks, 150U);
}

TEST(Ns16550, ACharacterAbove127IsSentAsOneByte) {
    test::FakeBus bus;
    bus.answer(kLsr, {0x20});
    Ns16550(bus, kUart0).put(static_cast<char>(0xE9));
    EXPECT_EQ(bus.history, (test::History{test::read(kLsr, 0x20), test::write(kUart0, 0xE9)}));
}

TEST(Ns16550, DrainWaitsForTheShiftRegisterToo) {
    test::FakeBus bus;
    bus.answer(kLsr, {0x00, 0x20, 0x60});
    Ns16550(bus, kUart0).drain();
    EXPECT_EQ(bus.history, (test::History{test::read(kLsr, 0x00), test::read(kLsr, 0x20),
                                          test::read(kLsr, 0x60)}));
}

TEST(Ns16550, NothingIsReceivedWhileNoDataIsReady) {
    test::FakeBus bus;
    bus.answer(kLsr, {0x60});
    EXPECT_EQ(Ns16550(bus, kUart0).get(), std::nullopt);
    EXPECT_EQ(bus.history, (test::History{test::read(kLsr, 0x60)}));
}

TEST(Ns16550, ACharacterIsTakenWhateverIsBeingSent) {
    test::FakeBus bus;
    bus.answer(kLsr, {0x01});
    bus.answer(kUart0, {'A'});
    EXPECT_EQ(Ns16550(bus, kUart0).get(), 'A');
    EXPECT_EQ(bus.history, (test::History{test::read(kLsr, 0x01), test::read(kUart0, 'A')}));
}

}  // namespace
}  // namespace hm::uart
