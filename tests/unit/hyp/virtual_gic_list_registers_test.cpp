// More interrupts than list registers, and maintenance.
// ARM IHI 0048B, 5.3.

#include <gtest/gtest.h>

#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/unit/hyp/gics.hpp"

namespace hm::hyp {
namespace {

// ---- More than list registers ----

TEST(VirtualGic, ThoseOfTheHighestPriorityAreInListRegisters) {
    Gics gics({}, 2);
    for (const IntId id : {32U, 33U, 34U, 35U}) {
        gics.enable(0, id, 0xF0 - 0x10 * (id - 32));
        gics.set(0, gicd::kIspendr, id);
    }
    EXPECT_TRUE(gics.listed(0, 35));
    EXPECT_TRUE(gics.listed(0, 34));
    EXPECT_FALSE(gics.listed(0, 33));
    EXPECT_EQ(gics.read(0, gicd::kIspendr + 4), 0xFU) << "all are pending";
}

TEST(VirtualGic, AllOf32AreDeliveredThroughOneListRegister) {
    Gics gics({}, 1);
    for (IntId id = 32; id < 64; ++id) {
        gics.enable(0, id, id % 2 == 0 ? 0x80 : 0x40);
        gics.set(0, gicd::kIspendr, id);
    }
    for (const unsigned odd : {1U, 0U}) {
        for (IntId id = 32 + odd; id < 64; id += 2) {
            EXPECT_EQ(gics.acknowledge(0), id);
            gics.end(0, id);
        }
    }
    EXPECT_EQ(gics.acknowledge(0), kNone);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0U);
}

// 3.3.3
TEST(VirtualGic, AHigherPriorityPreemptsWithOneListRegister) {
    Gics gics({}, 1);
    const Ids rising{32, 33, 34, 35};
    for (const IntId id : rising) {
        gics.enable(0, id, 0xF0 - 0x10 * (id - 32));
        gics.set(0, gicd::kIspendr, id);
        EXPECT_EQ(gics.acknowledge(0), id);
    }
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0xFU);
    EXPECT_EQ(gics.interface(0).running(), 0xC0U);
    // 5.3.1: the list register holds none of those but one, so that the others' ends are counted.
    for (IntId id = 35; id >= 32; --id) {
        gics.end(0, id);
        EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0xFU >> (36 - id));
    }
    EXPECT_EQ(gics.interface(0).running(), 0xFFU);
}

// 5.3.1: maintenance may come late.
TEST(VirtualGic, SeveralEndsWithoutListRegisterAreAllCounted) {
    Gics gics({}, 1);
    for (const IntId id : {32U, 33U, 34U, 35U}) {
        gics.enable(0, id, 0xF0 - 0x10 * (id - 32));
        gics.set(0, gicd::kIspendr, id);
        EXPECT_EQ(gics.acknowledge(0), id);
    }
    for (const IntId id : {35U, 34U, 33U}) {
        gics.interface(0).end(id);
    }
    gics.serve();
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 1U);
}

// 5.3.1
TEST(VirtualGic, AnEndWithoutListRegisterIsOfItsOwnCpu) {
    Gics gics({.cpus = 2}, 1);
    gics.enable(0, 32, 0x80);
    gics.enable(1, 33, 0x40);
    gics.enable(0, kPpi, 0x20);
    gics.set(0, gicd::kIspendr, 32);
    gics.set(1, gicd::kIspendr, 33);
    EXPECT_EQ(gics.acknowledge(0), 32U);
    EXPECT_EQ(gics.acknowledge(1), 33U);
    gics.set(0, gicd::kIspendr, kPpi);
    EXPECT_EQ(gics.acknowledge(0), kPpi);
    gics.end(0, kPpi);
    gics.end(0, 32);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 2U) << "that of the other CPU goes on";
}

// 5.3.1, 4.3.9
TEST(VirtualGic, AnEndIsNeverThatOfAnInterruptThatAWriteMadeActive) {
    Gics gics({}, 1);
    gics.enable(0, 32, 0x80);
    gics.enable(0, 33, 0x40);
    gics.set_priority(0, 34, 0x00);
    gics.set(0, gicd::kIsactiver, 34);
    for (const IntId id : {32U, 33U}) {
        gics.set(0, gicd::kIspendr, id);
        EXPECT_EQ(gics.acknowledge(0), id);
    }
    gics.end(0, 33);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0b101U);
    gics.end(0, 32);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0b100U);
}

// 3.3.3: the running priority is that of what was acknowledged.
TEST(VirtualGic, AnInterruptThatAWriteMadeActiveKeepsNoOtherFromTheListRegister) {
    Gics gics({}, 1);
    gics.enable(0, 32, 0x80);
    gics.set_priority(0, 33, 0x00);
    gics.set(0, gicd::kIsactiver, 33);
    gics.set(0, gicd::kIspendr, 32);
    EXPECT_EQ(gics.acknowledge(0), 32U);
}

// 3.3.1
TEST(VirtualGic, AnInterruptThatComesAgainWaitsForALowerIdOfTheSamePriority) {
    for (const unsigned list_registers : {1U, 2U}) {
        Gics gics({}, list_registers);
        for (const IntId id : {kPpi, 32U, 33U}) {
            gics.enable(0, id, 0x80);
        }
        gics.set(0, gicd::kIspendr, 33);
        EXPECT_EQ(gics.acknowledge(0), 33U);
        for (const IntId id : {33U, 32U, kPpi}) {
            gics.set(0, gicd::kIspendr, id);
        }
        gics.end(0, 33);
        for (const IntId id : {kPpi, 32U, 33U}) {
            EXPECT_EQ(gics.acknowledge(0), id) << list_registers;
            gics.end(0, id);
        }
    }
}

// 5.3.4: visit() and acknowledge() of the fixture expect that GICH_MISR is zero after one service.
TEST(VirtualGic, MaintenanceEndsWithOneListRegister) {
    Gics gics({}, 1);
    for (const IntId id : {32U, 33U, 34U}) {
        gics.enable(0, id, 0xA0);
        gics.set(0, gicd::kIspendr, id);
    }
    EXPECT_EQ(gics.interface(0).misr().raw, 0U);
    EXPECT_EQ(gics.acknowledge(0), 32U);
    EXPECT_EQ(gics.interface(0).misr().raw, 0U);
    gics.end(0, 32);
    EXPECT_EQ(gics.interface(0).misr().raw, 0U);
    EXPECT_EQ(gics.acknowledge(0), 33U);
}

// 5.3.1: when all but one list register are over, those that wait come.
TEST(VirtualGic, ThoseThatWaitComeWithoutAnAccessToTheDistributor) {
    for (const unsigned list_registers : {1U, 2U, 4U}) {
        Gics gics({}, list_registers);
        for (IntId id = 40; id < 50; ++id) {
            gics.enable(0, id, 0x80);
        }
        gics.write(0, gicd::kIspendr + 4, 0x3FF << 8);
        for (IntId id = 40; id < 50; ++id) {
            EXPECT_EQ(gics.acknowledge(0), id) << list_registers;
            gics.end(0, id);
        }
    }
}

// 5.3.1
TEST(VirtualGic, AnEndWithoutListRegisterIsServedAtOnce) {
    Gics gics({}, 2);
    for (const IntId id : {32U, 33U, 34U}) {
        gics.enable(0, id, 0xF0 - 0x10 * (id - 32));
        gics.set(0, gicd::kIspendr, id);
        EXPECT_EQ(gics.acknowledge(0), id);
    }
    for (const IntId id : {34U, 33U, 32U}) {
        gics.end(0, id);
        EXPECT_EQ(gics.interface(0).hcr.get(gic::GichHcr::kEoiCount), 0U);
    }
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0U);
}

// 5.3.3, 5.3.4
TEST(VirtualGic, AGroupThatTheGuestDoesNotTakeDoesNotHideTheOther) {
    for (const bool first_is_group1 : {false, true}) {
        Gics gics({}, 1);
        const auto take_only_second = [&] {
            gics.interface(0).set_groups(first_is_group1, !first_is_group1);
            gics.serve();
        };
        take_only_second();
        gics.enable(0, 32, 0x20);
        gics.enable(0, 33, 0x80);
        gics.write(0, gicd::kIgroupr + 4, first_is_group1 ? 1 : 2);
        gics.set(0, gicd::kIspendr, 32);
        gics.set(0, gicd::kIspendr, 33);
        EXPECT_EQ(gics.interface(0).highest(), 33U);
        gics.interface(0).set_groups(true, true);
        gics.serve();
        EXPECT_EQ(gics.interface(0).highest(), 32U);
        take_only_second();
        EXPECT_EQ(gics.interface(0).highest(), 33U);
    }
}

// 5.3.1: underflow is asserted for as long as one list register is in use at most.
TEST(VirtualGic, NoMaintenanceIsAskedForWhereNothingWaits) {
    for (const unsigned list_registers : {1U, 4U}) {
        Gics gics({}, list_registers);
        gics.enable(0, kPpi);
        for (int step = 0; step < 2; ++step) {
            const gic::GichHcr hcr = gics.interface(0).hcr;
            EXPECT_TRUE(hcr.get(gic::GichHcr::kEnable));
            EXPECT_FALSE(hcr.get(gic::GichHcr::kUnderflowIe));
            EXPECT_FALSE(hcr.get(gic::GichHcr::kNoPendingIe));
            gics.set(0, gicd::kIspendr, kPpi);
        }
    }
}

}  // namespace
}  // namespace hm::hyp
