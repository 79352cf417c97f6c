#include "drivers/power/imx7.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::power {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;
using test::write_halfword;

// WDOG1, SRC and GPC (U-Boot v2023.01, arch/arm/include/asm/arch-mx7/imx-regs.h).
constexpr Imx7Blocks kImx7d{.watchdog = 0x3028'0000, .src = 0x3039'0000, .gpc = 0x303A'0000};
constexpr std::uint32_t kRequest = 0x303A'00F0;

TEST(Imx7Power, TheWatchdogResetsByHalfwordsWithBothSignalsLow) {
    FakeBus bus;
    Imx7(bus, kImx7d).reset_board();
    // U-Boot, psci_system_reset: WCR_WDE alone; imx_watchdog_expire_now: three times.
    const test::Access at_once = write_halfword(0x3028'0000, 0x04);
    EXPECT_EQ(bus.history, (History{at_once, at_once, at_once}));
}

TEST(Imx7Power, TheSecondCoreGetsItsEntryThenPowerThenItsRelease) {
    FakeBus bus;
    bus.answer(kRequest, {0, 2, 2, 0});
    bus.answer(0x3039'0008, {0x1});
    EXPECT_TRUE(Imx7(bus, kImx7d).start_core(1, 0x8200'00A0, true, [] {}));
    EXPECT_EQ(bus.history, (History{write(0x3039'007C, 0x8200'00A0),  // GPR3
                                    write(0x303A'0840, 1),            // PGC_C1
                                    read(kRequest, 0), write(kRequest, 2), read(kRequest, 2),
                                    read(kRequest, 2), read(kRequest, 0), write(0x303A'0840, 0),
                                    read(0x3039'0008, 1), write(0x3039'0008, 3)}));
}

TEST(Imx7Power, ACoreThatGetsNoPowerIsNotReleased) {
    FakeBus bus;
    bus.answer(kRequest, {2});
    EXPECT_FALSE(Imx7(bus, kImx7d).start_core(1, 0x8200'00A0, true, [] {}));
    EXPECT_EQ(bus.history.back(), write(0x303A'0840, 0)) << "its switch is left alone again";
    EXPECT_LE(bus.history.size(), Imx7<FakeBus>::kPolls + 10U);
    EXPECT_TRUE(std::none_of(bus.history.begin(), bus.history.end(),
                             [](const auto& access) { return access.address == 0x3039'0008; }));
}

TEST(Imx7Power, NoCoreStartsWithoutTheRegistersThatGiveItPower) {
    EXPECT_TRUE(Imx7<FakeBus>::starts_cores(true));
    EXPECT_FALSE(Imx7<FakeBus>::starts_cores(false));
    EXPECT_FALSE(PlainSoc<FakeBus>::starts_cores(true)) << "which has no driver";
}

}  // namespace
}  // namespace hm::power
