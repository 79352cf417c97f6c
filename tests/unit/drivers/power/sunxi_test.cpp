#include "drivers/power/sunxi.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::power {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

constexpr SunxiBlocks kH3{.watchdog = 0x01C2'0CA0, .cpucfg = 0x01F0'1C00, .prcm = 0x01F0'1400};

TEST(SunxiPower, TheWatchdogIsSetToResetTheWholeSystemSoonAndThenStarted) {
    FakeBus bus;
    Sunxi(bus, kH3).reset_board();
    // U-Boot, reset_cpu: 1 is the whole system, 1 is on after half a second, then key and restart.
    EXPECT_EQ(bus.history, (History{write(0x01C2'0CB4, 1), write(0x01C2'0CB8, 1),
                                    write(0x01C2'0CB0, (0xA57 << 1) | 1)}));
}

TEST(SunxiPower, ACoreIsHeldWithItsEntryAndOnlyItsOwnBitIsCleared) {
    FakeBus bus;
    bus.answer(0x01F0'1D84, {0xF});
    Sunxi(bus, kH3).hold(1, 0x4200'00A0);
    EXPECT_EQ(bus.history, (History{write(0x01F0'1DA4, 0x4200'00A0), write(0x01F0'1C80, 0),
                                    read(0x01F0'1D84, 0xF), write(0x01F0'1D84, 0xD)}));
}

TEST(SunxiPower, ACoreIsKeptFromADebuggerAndLentToItAgain) {
    FakeBus bus;
    bus.answer(0x01F0'1DE4, {0xF, 0xD});
    Sunxi power(bus, kH3);
    power.forbid_debug(1);
    power.allow_debug(1);
    EXPECT_EQ(bus.history, (History{read(0x01F0'1DE4, 0xF), write(0x01F0'1DE4, 0xD),
                                    read(0x01F0'1DE4, 0xD), write(0x01F0'1DE4, 0xF)}));
}

TEST(SunxiPower, TheClampOpensByHalvesAndTheGateAfterItHasSettled) {
    FakeBus bus;
    bus.answer(0x01F0'1500, {0xE});
    std::size_t settled_after = 0;
    Sunxi(bus, kH3).give_power(1, [&] { settled_after = bus.history.size(); });
    History expected;
    for (const std::uint32_t closed : {0xFFU, 0x7FU, 0x3FU, 0x1FU, 0xFU, 7U, 3U, 1U, 0U}) {
        expected.push_back(write(0x01F0'1544, closed));
    }
    EXPECT_EQ(settled_after, expected.size());
    expected.push_back(read(0x01F0'1500, 0xE));
    expected.push_back(write(0x01F0'1500, 0xC));
    EXPECT_EQ(bus.history, expected);
}

TEST(SunxiPower, ACoreStartsWithPowerWhereTheMachineHasThatAndWithoutADebuggerUntilItRuns) {
    FakeBus bus;
    bus.answer(0x01F0'1DE4, {0xF, 0xD});
    std::size_t settled = 0;
    EXPECT_TRUE(Sunxi(bus, kH3).start_core(1, 0x4200'00A0, true, [&] { ++settled; }));
    EXPECT_EQ(settled, 1U);
    const auto at = [&bus](const test::Access& access) {
        return std::find(bus.history.begin(), bus.history.end(), access) - bus.history.begin();
    };
    EXPECT_LT(at(write(0x01F0'1C80, 0)), at(write(0x01F0'1DE4, 0xD))) << "held, then no debugger";
    EXPECT_LT(at(write(0x01F0'1DE4, 0xD)), at(write(0x01F0'1544, 0))) << "then power";
    EXPECT_LT(at(write(0x01F0'1544, 0)), at(write(0x01F0'1C80, 3))) << "then it runs";
    EXPECT_LT(at(write(0x01F0'1C80, 3)), at(write(0x01F0'1DE4, 0xF)));
    EXPECT_EQ(bus.history.back(), write(0x01F0'1DE4, 0xF));

    FakeBus emulator;
    EXPECT_TRUE(Sunxi(emulator, kH3).start_core(1, 0x4200'00A0, false, [&] { ++settled; }));
    EXPECT_EQ(settled, 1U);
    EXPECT_EQ(emulator.history,
              (History{write(0x01F0'1DA4, 0x4200'00A0), write(0x01F0'1C80, 0), read(0x01F0'1D84, 0),
                       write(0x01F0'1D84, 0), write(0x01F0'1C80, 3)}));
}

TEST(SunxiPower, AReleasedCoreLeavesBothResets) {
    FakeBus bus;
    Sunxi(bus, kH3).release(1);
    EXPECT_EQ(bus.history, (History{write(0x01F0'1C80, 3)}));
}

}  // namespace
}  // namespace hm::power
