#include "drivers/gic/distributor.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::gic {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

constexpr std::uint32_t kBase = 0x1048'1000;

TEST(Distributor, AllExistingInterruptsGoIntoGroup1AndNoOthers) {
    FakeBus bus;
    bus.answer(kBase + 0x004, {0xFC24});  // 160 interrupts, two cores, Security Extensions
    Distributor(bus, kBase).set_all_group1();
    EXPECT_EQ(bus.history,
              (History{read(kBase + 0x004, 0xFC24), write(kBase + 0x080, 0xFFFF'FFFF),
                       write(kBase + 0x084, 0xFFFF'FFFF), write(kBase + 0x088, 0xFFFF'FFFF),
                       write(kBase + 0x08C, 0xFFFF'FFFF), write(kBase + 0x090, 0xFFFF'FFFF)}));
}

TEST(Distributor, WithoutSharedInterruptsThereIsOneWordOfGroups) {
    FakeBus bus;
    Distributor(bus, kBase).set_all_group1();
    EXPECT_EQ(bus.history, (History{read(kBase + 0x004, 0), write(kBase + 0x080, 0xFFFF'FFFF)}));
}

TEST(Distributor, ASoftwareInterruptNamesItsCoresItsGroupAndItself) {
    FakeBus bus;
    Distributor distributor(bus, kBase);
    const GicdSgir to_second =
        GicdSgir{}.with(GicdSgir::kCpuTargetList, 1U << 1).with(GicdSgir::kSgiIntId, 5);
    distributor.send_sgi(to_second);
    distributor.send_sgi(to_second.with(GicdSgir::kNsatt, true));
    distributor.send_sgi(GicdSgir{}.with(GicdSgir::kTargetListFilter, SgiTarget::kOthers));
    EXPECT_EQ(bus.history,
              (History{write(kBase + 0xF00, 0x0002'0005), write(kBase + 0xF00, 0x0002'8005),
                       write(kBase + 0xF00, 0x0100'0000)}));
}

TEST(Distributor, SettingAPriorityKeepsThoseOfItsNeighbours) {
    FakeBus bus;
    bus.answer(kBase + 0x418, {0x4433'2211});
    Distributor(bus, kBase).set_priority(27, 0xA0);
    EXPECT_EQ(bus.history,
              (History{read(kBase + 0x418, 0x4433'2211), write(kBase + 0x418, 0xA033'2211)}));
}

// ARM IHI 0048B, 4.3.12.
TEST(Distributor, ASharedInterruptIsRoutedToTheCoreThatAsksAndItsNeighboursStay) {
    FakeBus bus;
    bus.answer(kBase + 0x800, {0x0202'0202});  // this is core 1
    bus.answer(kBase + 0x820, {0x4433'2211});
    Distributor(bus, kBase).set_target_to_this_core(34);
    EXPECT_EQ(bus.history,
              (History{read(kBase + 0x800, 0x0202'0202), read(kBase + 0x820, 0x4433'2211),
                       write(kBase + 0x820, 0x4402'2211)}));
}

}  // namespace
}  // namespace hm::gic
