#include "drivers/gic/cpu_interface.hpp"

#include <gtest/gtest.h>

#include "drivers/gic/distributor.hpp"
#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::gic {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

TEST(CpuInterface, SaysItsRunningPriorityAndEndsWhatWasAcknowledged) {
    constexpr std::uint32_t kInterface = 0x1048'2000;
    FakeBus bus;
    bus.answer(kInterface + 0x00C, {27});    // GICC_IAR: 4.4.4
    bus.answer(kInterface + 0x014, {0xA0});  // GICC_RPR: 4.4.6
    CpuInterface interface(bus, kInterface);
    const GiccIar interrupt = interface.acknowledge();
    EXPECT_EQ(interface.running().get(GiccRpr::kPriority), 0xA0U);
    interface.end(interrupt);
    EXPECT_EQ(bus.history, (History{read(kInterface + 0x00C, 27), read(kInterface + 0x014, 0xA0),
                                    write(kInterface + 0x010, 27)}));
}

TEST(Distributor, APriorityIsOneByteOfItsWord) {
    constexpr std::uint32_t kDistributor = 0x1048'1000;
    FakeBus bus;
    bus.answer(kDistributor + 0x418, {0xA0'80'40'08});  // GICD_IPRIORITYR6: interrupts 24 to 27
    Distributor distributor(bus, kDistributor);
    EXPECT_EQ(distributor.priority(24), 0x08U);
    EXPECT_EQ(distributor.priority(26), 0x80U);
    EXPECT_EQ(distributor.priority(27), 0xA0U);
}

}  // namespace
}  // namespace hm::gic
