#include "drivers/uart/pl011.hpp"

#include <gtest/gtest.h>

#include <string>

#include "drivers/uart/console.hpp"
#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::uart {
namespace {

static_assert(Console<Pl011<test::FakeBus>>);

constexpr std::uint32_t kBase = 0x09000000;

/// A UART whose FIFO is empty after its flags were read so many times.
struct FakeUart {
    std::uint32_t looks_until_empty = 0;
    std::uint32_t looks = 0;
    std::uint32_t in_fifo = 0;
    std::uint32_t lost = 0;
    std::string sent;

    std::uint32_t read(std::uint32_t address) {
        EXPECT_EQ(address, kBase + Pl011Flags::kOffset);
        ++looks;
        if (looks_until_empty > 0) {
            --looks_until_empty;
        } else {
            in_fifo = 0;
        }
        return Pl011Flags{}.with(Pl011Flags::kTransmitEmpty, in_fifo == 0).raw;
    }
    void write(std::uint32_t address, std::uint32_t value) {
        if (address == kBase) {
            in_fifo < 16 ? ++in_fifo : ++lost;
            sent += static_cast<char>(value);
        }
    }
};

TEST(Pl011, SendsEveryCharacterAndAsksOnceForSixteen) {
    FakeUart bus;
    Pl011 uart(bus, kBase);
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += static_cast<char>('!' + i % 90);
        uart.put(text.back());
    }
    EXPECT_EQ(bus.sent, text);
    EXPECT_EQ(bus.looks, 7U);
    EXPECT_EQ(bus.lost, 0U);
}

TEST(Pl011, WaitsForAFifoThatIsSlow) {
    FakeUart bus;
    Pl011 uart(bus, kBase);
    for (int i = 0; i < 64; ++i) {
        bus.looks_until_empty = i % 16 == 0 ? 50 : bus.looks_until_empty;
        uart.put('x');
    }
    EXPECT_EQ(bus.lost, 0U);
    EXPECT_GE(bus.looks, 150U);
}

TEST(Pl011, KeepsTheBaudRateThatTheFirmwareSet) {
    FakeUart bus;
    Pl011 uart(bus, kBase);
    uart.start();
    EXPECT_EQ(bus.sent, "");
    EXPECT_EQ(bus.looks, 0U);
}

TEST(Pl011, NothingIsReceivedWhileTheFifoIsEmpty) {
    test::FakeBus bus;
    bus.answer(kBase + 0x18, {0x90});
    EXPECT_EQ(Pl011(bus, kBase).get(), std::nullopt);
    EXPECT_EQ(bus.history, (test::History{test::read(kBase + 0x18, 0x90)}));
}

TEST(Pl011, ACharacterIsTakenWithoutTheErrorsAboveIt) {
    test::FakeBus bus;
    bus.answer(kBase, {0xF41});
    EXPECT_EQ(Pl011(bus, kBase).get(), 'A');
    EXPECT_EQ(bus.history, (test::History{test::read(kBase + 0x18, 0), test::read(kBase, 0xF41)}));
}

}  // namespace
}  // namespace hm::uart
