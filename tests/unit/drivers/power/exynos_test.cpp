#include "drivers/power/exynos.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::power {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

constexpr ExynosBlocks kBlocks{
    .pmu = 0x1004'0000, .watchdog = 0x101D'0000, .boot_word = 0x0202'0000};
constexpr std::uint32_t kConfiguration = 0x1004'2080;
constexpr std::uint32_t kStatus = 0x1004'2084;

TEST(ExynosPower, AWatchdogThatIsStoppedNeitherCountsNorInterruptsNorResets) {
    FakeBus bus;
    Exynos(bus, kBlocks).stop_watchdog();
    EXPECT_EQ(bus.history, (History{write(0x101D'0000, 0)}));
}

TEST(ExynosPower, ResettingTheBoardIsOneWrite) {
    FakeBus bus;
    Exynos(bus, kBlocks).reset_board();
    EXPECT_EQ(bus.history, (History{write(0x1004'0400, 1)}));
}

TEST(ExynosPower, PoweringOffLetsTheSupplyGoAndChangesNothingElse) {
    FakeBus bus;
    bus.answer(0x1004'330C, {0x5300});
    Exynos(bus, kBlocks).power_off();
    EXPECT_EQ(bus.history, (History{read(0x1004'330C, 0x5300), write(0x1004'330C, 0x5200)}));
}

TEST(ExynosPower, TheSecondCoreHasPowerWhereBothBitsSaySo) {
    FakeBus bus;
    bus.answer(kStatus, {0x3'0003, 0x3'0002, 0x3'0001, 0x3'0000});
    Exynos power(bus, kBlocks);
    EXPECT_TRUE(power.cpu1_is_powered());
    EXPECT_FALSE(power.cpu1_is_powered());
    EXPECT_FALSE(power.cpu1_is_powered());
    EXPECT_FALSE(power.cpu1_is_powered());
    EXPECT_EQ(bus.history, (History{read(kStatus, 0x3'0003), read(kStatus, 0x3'0002),
                                    read(kStatus, 0x3'0001), read(kStatus, 0x3'0000)}));
}

TEST(ExynosPower, ASecondCoreThatHasPowerIsLeftAlone) {
    FakeBus bus;
    bus.answer(kStatus, {0x3'0003});
    EXPECT_TRUE(Exynos(bus, kBlocks).power_up_cpu1());
    EXPECT_EQ(bus.history, (History{read(kStatus, 0x3'0003)}));
}

TEST(ExynosPower, ASecondCoreThatIsOffIsPoweredOnceAndWaitedFor) {
    FakeBus bus;
    bus.answer(kStatus, {0, 0, 1, 3});
    EXPECT_TRUE(Exynos(bus, kBlocks).power_up_cpu1());
    EXPECT_EQ(bus.history, (History{read(kStatus, 0), write(kConfiguration, 3), read(kStatus, 0),
                                    read(kStatus, 1), read(kStatus, 3)}));
}

TEST(ExynosPower, ASecondCoreThatNeverComesUpIsGivenUp) {
    FakeBus bus;
    EXPECT_FALSE(Exynos(bus, kBlocks).power_up_cpu1());
    ASSERT_EQ(bus.history.size(), 2 + Exynos<FakeBus>::kPolls);
    EXPECT_EQ(bus.history[0], read(kStatus, 0));
    EXPECT_EQ(bus.history[1], write(kConfiguration, 3));
    for (std::size_t i = 2; i < bus.history.size(); ++i) {
        ASSERT_EQ(bus.history[i], read(kStatus, 0));
    }
}

TEST(ExynosPower, TheBootWordIsTheEntry) {
    FakeBus bus;
    Exynos(bus, kBlocks).set_boot_word(0x4300'0040);
    EXPECT_EQ(bus.history, (History{write(0x0202'0000, 0x4300'0040)}));
}

TEST(ExynosPower, AStartStopsTheWatchdogAndStartsTheCounter) {
    // G_TCON and G_WSTAT of the MCT (Linux, drivers/clocksource/exynos_mct.c).
    ExynosBlocks blocks = kBlocks;
    blocks.timer = 0x101C'0000;
    FakeBus bus;
    bus.answer(0x101C'024C, {0, 1U << 16});
    EXPECT_TRUE(Exynos(bus, blocks).start());
    EXPECT_EQ(bus.history.front(), write(0x101D'0000, 0));
    EXPECT_NE(std::find(bus.history.begin(), bus.history.end(), write(0x101C'0240, 1U << 8)),
              bus.history.end());
    FakeBus deaf;
    EXPECT_FALSE(Exynos(deaf, blocks).start());
}

TEST(ExynosPower, ACoreWithoutPowerIsShownNoWayOutOfTheLoader) {
    FakeBus bus;
    bus.answer(kStatus, {3});
    EXPECT_TRUE(Exynos(bus, kBlocks).set_way_out_of_loader(0x4200'0040));
    EXPECT_EQ(bus.history.back(), write(0x0202'0000, 0x4200'0040));
    FakeBus dead;
    EXPECT_FALSE(Exynos(dead, kBlocks).set_way_out_of_loader(0x4200'0040));
    EXPECT_EQ(std::find(dead.history.begin(), dead.history.end(), write(0x0202'0000, 0x4200'0040)),
              dead.history.end());
}

}  // namespace
}  // namespace hm::power
