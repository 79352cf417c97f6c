#include "drivers/timer/exynos_pwm.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::timer {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

constexpr std::uint32_t kPwm = 0x12DD'0000;
constexpr std::uint32_t kPwmControl = kPwm + 0x08;
constexpr std::uint32_t kPwmCount = kPwm + 0x30;
constexpr std::uint32_t kPwmCompare = kPwm + 0x34;
constexpr std::uint32_t kPwmInterrupts = kPwm + 0x44;

// Timer 4 runs and reloads itself (bits 20 and 22), and its interrupt is enabled and asserted.
constexpr std::uint32_t kTimer4 = 0x0050'0000;
constexpr std::uint32_t kTimer4Interrupt = 0x210;

TEST(ExynosPwm, StartsWithACountOfOneAndLeavesTimer4Alone) {
    FakeBus bus;
    bus.answer(kPwmControl, {kTimer4 | 0x9'0000});
    bus.answer(kPwmInterrupts, {kTimer4Interrupt, 0x18});
    ExynosPwm(bus, kPwm).start();
    EXPECT_EQ(
        bus.history,
        (History{write(kPwmCount, 1), write(kPwmCompare, 0), read(kPwmControl, kTimer4 | 0x9'0000),
                 write(kPwmControl, kTimer4 | 0x2'0000), read(kPwmInterrupts, kTimer4Interrupt),
                 write(kPwmInterrupts, 0x118), read(kPwmInterrupts, 0x18)}));
}

TEST(ExynosPwm, IsRaisedByStartingItWithoutReload) {
    FakeBus bus;
    bus.answer(kPwmControl, {kTimer4});
    ExynosPwm timer(bus, kPwm);
    timer.start();
    EXPECT_EQ(timer.raising().address, kPwmControl);
    EXPECT_EQ(timer.raising().value, kTimer4 | 0x1'0000);
}
static_assert(Spare<ExynosPwm<FakeBus>>);

TEST(ExynosPwm, IsClearedOnlyOnceItAssertsNothing) {
    FakeBus bus;
    bus.answer(kPwmInterrupts, {0x108, 0x108, 0x8});
    ExynosPwm(bus, kPwm).clear();
    EXPECT_EQ(bus.history, (History{read(kPwmControl, 0), write(kPwmControl, 0x2'0000),
                                    read(kPwmInterrupts, 0x108), write(kPwmInterrupts, 0x108),
                                    read(kPwmInterrupts, 0x108), read(kPwmInterrupts, 0x8)}));
}

}  // namespace
}  // namespace hm::timer
