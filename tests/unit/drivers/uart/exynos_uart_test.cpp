#include "drivers/uart/exynos_uart.hpp"

#include <gtest/gtest.h>

#include "drivers/uart/console.hpp"
#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::uart {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

static_assert(Console<ExynosUart<FakeBus>>);

constexpr std::uint32_t kBase = 0x12C2'0000;
constexpr std::uint32_t kUlcon = kBase + 0x00;
constexpr std::uint32_t kUcon = kBase + 0x04;
constexpr std::uint32_t kUfcon = kBase + 0x08;
constexpr std::uint32_t kUtrstat = kBase + 0x10;
constexpr std::uint32_t kUfstat = kBase + 0x18;
constexpr std::uint32_t kUtxh = kBase + 0x20;
constexpr std::uint32_t kUrxh = kBase + 0x24;

constexpr std::uint32_t kTransmitFull = 1U << 24;

TEST(ExynosUart, StartsWithEightBitsAndFifosAndTouchesNeitherDivisorsNorWhatTheFifosHold) {
    FakeBus bus;
    bus.answer(kUcon, {0x245});  // as U-Boot leaves it
    ExynosUart(bus, kBase).start();
    EXPECT_EQ(bus.history, (History{write(kUlcon, 3), read(kUcon, 0x245), write(kUcon, 0x245),
                                    write(kUfcon, 1)}));
}

TEST(ExynosUart, StartKeepsTheClockAndEndsLoopbackBreakAndDma) {
    FakeBus bus;
    bus.answer(kUcon, {0x343A});  // clock bits 10, 12 and 13; loopback, break, DMA both ways
    ExynosUart(bus, kBase).start();
    EXPECT_EQ(bus.history, (History{write(kUlcon, 3), read(kUcon, 0x343A), write(kUcon, 0x3405),
                                    write(kUfcon, 1)}));
}

TEST(ExynosUart, ACharacterWaitsUntilTheFifoIsNotFull) {
    FakeBus bus;
    bus.answer(kUfstat, {kTransmitFull, kTransmitFull, 15U << 16});
    ExynosUart(bus, kBase).put('x');
    EXPECT_EQ(bus.history, (History{read(kUfstat, kTransmitFull), read(kUfstat, kTransmitFull),
                                    read(kUfstat, 15U << 16), write(kUtxh, 'x')}));
}

TEST(ExynosUart, ACharacterAbove127IsSentAsOneByte) {
    FakeBus bus;
    ExynosUart(bus, kBase).put(static_cast<char>(0xE9));
    EXPECT_EQ(bus.history, (History{read(kUfstat, 0), write(kUtxh, 0xE9)}));
}

TEST(ExynosUart, DrainWaitsForTheFifoAndThenForTheShiftRegister) {
    FakeBus bus;
    bus.answer(kUfstat, {kTransmitFull, 1U << 16, 0});
    bus.answer(kUtrstat, {0b010, 0b110});
    ExynosUart(bus, kBase).drain();
    EXPECT_EQ(bus.history,
              (History{read(kUfstat, kTransmitFull), read(kUfstat, 1U << 16), read(kUfstat, 0),
                       read(kUtrstat, 0b010), read(kUfstat, 0), read(kUtrstat, 0b110)}));
}

TEST(ExynosUart, NothingIsReceivedWhileTheFifoIsEmptyWhateverIsBeingSent) {
    FakeBus bus;
    bus.answer(kUfstat, {kTransmitFull | 0xFF0000});
    EXPECT_EQ(ExynosUart(bus, kBase).get(), std::nullopt);
    EXPECT_EQ(bus.history, (History{read(kUfstat, kTransmitFull | 0xFF0000)}));
}

TEST(ExynosUart, ACharacterIsTakenFromTheFifo) {
    FakeBus bus;
    bus.answer(kUfstat, {2});
    bus.answer(kUrxh, {'a'});
    EXPECT_EQ(ExynosUart(bus, kBase).get(), 'a');
    EXPECT_EQ(bus.history, (History{read(kUfstat, 2), read(kUrxh, 'a')}));
}

TEST(ExynosUart, AFullFifoWhoseCountReadsZeroIsNotTakenForAnEmptyOne) {
    FakeBus bus;
    bus.answer(kUfstat, {1U << 8});
    bus.answer(kUrxh, {'z'});
    EXPECT_EQ(ExynosUart(bus, kBase).get(), 'z');
    EXPECT_EQ(bus.history, (History{read(kUfstat, 1U << 8), read(kUrxh, 'z')}));
}

}  // namespace
}  // namespace hm::uart
