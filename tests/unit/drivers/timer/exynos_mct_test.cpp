#include "drivers/timer/exynos_mct.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::timer {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

constexpr std::uint32_t kBase = 0x101C'0000;
constexpr std::uint32_t kLow = kBase + 0x100;
constexpr std::uint32_t kHigh = kBase + 0x104;
constexpr std::uint32_t kControl = kBase + 0x240;
constexpr std::uint32_t kStatus = kBase + 0x24C;

TEST(ExynosMct, StartKeepsTheComparatorsWaitsForTheWriteAndClearsOnlyItsStatus) {
    FakeBus bus;
    bus.answer(kControl, {0x03});
    bus.answer(kStatus, {0, 0x1, 0x1'0001});
    EXPECT_TRUE(ExynosMct(bus, kBase).start());
    EXPECT_EQ(bus.history,
              (History{read(kControl, 0x03), write(kControl, 0x103), read(kStatus, 0),
                       read(kStatus, 0x1), read(kStatus, 0x1'0001), write(kStatus, 0x1'0000)}));
}

TEST(ExynosMct, ACounterThatRunsIsLeftAlone) {
    FakeBus bus;
    bus.answer(kControl, {0x100});
    EXPECT_TRUE(ExynosMct(bus, kBase).start());
    EXPECT_EQ(bus.history, (History{read(kControl, 0x100)}));
}

TEST(ExynosMct, AWriteThatNeverArrivesIsGivenUpAndNotCleared) {
    FakeBus bus;
    EXPECT_FALSE(ExynosMct(bus, kBase).start());
    ASSERT_EQ(bus.history.size(), 2 + ExynosMct<FakeBus>::kPolls);
    EXPECT_EQ(bus.history[0], read(kControl, 0));
    EXPECT_EQ(bus.history[1], write(kControl, 0x100));
    for (std::size_t i = 2; i < bus.history.size(); ++i) {
        ASSERT_EQ(bus.history[i], read(kStatus, 0));
    }
}

TEST(ExynosMct, TheCountIsReadBetweenTwoReadsOfItsHighHalf) {
    FakeBus bus;
    bus.answer(kHigh, {0x12});
    bus.answer(kLow, {0x8000'0001});
    EXPECT_EQ(ExynosMct(bus, kBase).count(), 0x12'8000'0001U);
    EXPECT_EQ(bus.history,
              (History{read(kHigh, 0x12), read(kLow, 0x8000'0001), read(kHigh, 0x12)}));
}

TEST(ExynosMct, ALowHalfThatWrappedIsReadAgainWithTheHighHalfThatBelongsToIt) {
    FakeBus bus;
    bus.answer(kHigh, {0x12, 0x13});
    bus.answer(kLow, {0xFFFF'FFFF, 0x2});
    EXPECT_EQ(ExynosMct(bus, kBase).count(), 0x13'0000'0002U);
    EXPECT_EQ(bus.history, (History{read(kHigh, 0x12), read(kLow, 0xFFFF'FFFF), read(kHigh, 0x13),
                                    read(kLow, 0x2), read(kHigh, 0x13)}));
}

}  // namespace
}  // namespace hm::timer
