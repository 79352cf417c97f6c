#include "drivers/power/vexpress.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::power {
namespace {

TEST(Vexpress, IsShutDownByOneRequestToTheMotherboardItself) {
    test::FakeBus bus;
    VexpressConfiguration<test::FakeBus>(bus, 0x1c01'0000).shut_down();
    // Linux sends this too: start and write, function 8, site, position and device 0
    // (drivers/misc/vexpress-syscfg.c, and `v2m_poweroff` of vexpress-v2m-rs1.dtsi).
    EXPECT_EQ(bus.history, (test::History{test::write(0x1c01'00a4, 0xc080'0000)}));
}

}  // namespace
}  // namespace hm::power
