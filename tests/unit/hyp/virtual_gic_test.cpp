// How the virtual GIC presents interrupts in list registers, and what comes back from there.
// ARM IHI 0048B, chapters 3 and 5.

#include "hyp/core/virtual_gic.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/hyp/gics.hpp"

namespace hm::hyp {
namespace {

namespace gicd = gic::gicd;

constexpr IntId kTimer = 27;
constexpr IntId kPpi = 30;
constexpr IntId kDisk = 40;

InterruptSet only(IntId id) {
    InterruptSet set;
    set.insert(id);
    return set;
}

VirtualGicConfig with_timer(Link link, std::uint32_t cpus = 1) {
    return {.cpus = cpus, .link = link, .quick = kTimer, .linked = only(kTimer)};
}

LrState state_of(const Gics& gics, unsigned cpu, IntId id) {
    const auto word = gics.listed(cpu, id);
    return word ? word->get(ListRegister::kState) : LrState::kInvalid;
}

using Ids = std::vector<IntId>;

// ---- What is presented: 5.3.8 ----

TEST(VirtualGic, APendingInterruptIsInAListRegister) {
    Gics gics;
    gics.enable(0, kPpi, 0xA0);
    gics.set(0, gicd::kIspendr, kPpi);
    const auto word = gics.listed(0, kPpi);
    ASSERT_TRUE(word);
    EXPECT_EQ(word->get(ListRegister::kState), LrState::kPending);
    EXPECT_EQ(word->get(ListRegister::kPriority), 0xA0U >> 3);
    EXPECT_FALSE(word->get(ListRegister::kGroup1));
    EXPECT_FALSE(word->get(ListRegister::kHardware)) << "nothing physical is behind it";
}

TEST(VirtualGic, TheGroupIsThatOfTheInterrupt) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.write(0, gicd::kIgroupr, 1U << kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    ASSERT_TRUE(gics.listed(0, kPpi));
    EXPECT_TRUE(gics.listed(0, kPpi)->get(ListRegister::kGroup1));
    gics.write(0, gicd::kIgroupr, 0);
    EXPECT_FALSE(gics.listed(0, kPpi)->get(ListRegister::kGroup1));
}

TEST(VirtualGic, ANewPriorityReachesTheListRegister) {
    Gics gics;
    gics.enable(0, kPpi, 0xA0);
    gics.set(0, gicd::kIspendr, kPpi);
    gics.set_priority(0, kPpi, 0x40);
    ASSERT_TRUE(gics.listed(0, kPpi));
    EXPECT_EQ(gics.listed(0, kPpi)->get(ListRegister::kPriority), 0x40U >> 3);
}

// 3.2.1, 4.3.6
TEST(VirtualGic, ADisabledInterruptStaysPendingAndIsNotPresented) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    gics.set(0, gicd::kIcenabler, kPpi);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kPpi));
    gics.set(0, gicd::kIsenabler, kPpi);
    EXPECT_EQ(gics.interface(0).highest(), kPpi);
}

// 4.3.1
TEST(VirtualGic, NothingOfAGroupThatIsOffIsPresented) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    EXPECT_EQ(gics.interface(0).highest(), kPpi);
}

// 4.3.8
TEST(VirtualGic, ClearingPendingWithdrawsTheInterrupt) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    gics.set(0, gicd::kIcpendr, kPpi);
    EXPECT_FALSE(gics.listed(0, kPpi));
    EXPECT_FALSE(gics.is_set(0, gicd::kIspendr, kPpi));
}

// 3.3.1
TEST(VirtualGic, OfEqualPrioritiesTheLowestIdComesFirst) {
    Gics gics({}, 1);
    for (const IntId id : {kDisk, kPpi, kDisk + 1}) {
        gics.enable(0, id);
        gics.set(0, gicd::kIspendr, id);
    }
    for (const IntId id : {kPpi, kDisk, kDisk + 1}) {
        EXPECT_EQ(gics.acknowledge(0), id);
        gics.end(0, id);
    }
}

// ---- What comes back ----

// 4.3.7 to 4.3.10
TEST(VirtualGic, TheRegistersShowWhatListRegistersHold) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kPpi));
    EXPECT_FALSE(gics.is_set(0, gicd::kIsactiver, kPpi));
    EXPECT_EQ(gics.acknowledge(0), kPpi);
    EXPECT_FALSE(gics.is_set(0, gicd::kIspendr, kPpi));
    EXPECT_TRUE(gics.is_set(0, gicd::kIsactiver, kPpi));
    gics.end(0, kPpi);
    EXPECT_FALSE(gics.is_set(0, gicd::kIspendr, kPpi));
    EXPECT_FALSE(gics.is_set(0, gicd::kIsactiver, kPpi));
}

// 3.2.4
TEST(VirtualGic, AnInterruptThatComesAgainWhileActiveIsDeliveredAfterItsEnd) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    EXPECT_EQ(gics.acknowledge(0), kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kPpi));
    EXPECT_TRUE(gics.is_set(0, gicd::kIsactiver, kPpi));
    EXPECT_EQ(gics.acknowledge(0), kNone);
    gics.end(0, kPpi);
    EXPECT_EQ(gics.acknowledge(0), kPpi);
    gics.end(0, kPpi);
    EXPECT_EQ(gics.acknowledge(0), kNone);
}

// 4.3.8
TEST(VirtualGic, ClearingPendingLeavesTheInterruptActive) {
    Gics gics;
    gics.enable(0, kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    EXPECT_EQ(gics.acknowledge(0), kPpi);
    gics.set(0, gicd::kIspendr, kPpi);
    gics.set(0, gicd::kIcpendr, kPpi);
    EXPECT_TRUE(gics.is_set(0, gicd::kIsactiver, kPpi));
    gics.end(0, kPpi);
    EXPECT_EQ(gics.acknowledge(0), kNone);
}

// ---- Level and edge: 4.3.7, Figure 4-10 ----

TEST(VirtualGic, ALevelIsPendingForAsLongAsItIsHigh) {
    Gics gics;
    gics.enable(0, kDisk);
    gics.set_line(0, kDisk, true);
    EXPECT_EQ(gics.interface(0).highest(), kDisk);
    gics.set(0, gicd::kIcpendr, kDisk);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kDisk)) << "the line is high";
    gics.set_line(0, kDisk, false);
    EXPECT_FALSE(gics.is_set(0, gicd::kIspendr, kDisk));
    EXPECT_EQ(gics.interface(0).highest(), kNone);
}

TEST(VirtualGic, ALevelThatStaysHighIsDeliveredAgainAfterItsEnd) {
    Gics gics;
    gics.enable(0, kDisk);
    gics.set_line(0, kDisk, true);
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kDisk));
    gics.end(0, kDisk);
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    gics.set_line(0, kDisk, false);
    gics.end(0, kDisk);
    EXPECT_EQ(gics.acknowledge(0), kNone);
}

TEST(VirtualGic, AWriteMakesALevelPendingUntilItIsAcknowledged) {
    Gics gics;
    gics.enable(0, kDisk);
    gics.set(0, gicd::kIspendr, kDisk);
    gics.set_line(0, kDisk, true);
    gics.set_line(0, kDisk, false);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kDisk)) << "the write holds it";
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    EXPECT_FALSE(gics.is_set(0, gicd::kIspendr, kDisk));
}

TEST(VirtualGic, AnEdgeIsRememberedAndDeliveredOnce) {
    Gics gics;
    gics.write(0, gicd::kIcfgr + 8, 2U << 2 * (kDisk - 32));
    gics.enable(0, kDisk);
    gics.set_line(0, kDisk, true);
    gics.set_line(0, kDisk, true);
    gics.set_line(0, kDisk, false);
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    gics.end(0, kDisk);
    EXPECT_EQ(gics.acknowledge(0), kNone);
    gics.set_line(0, kDisk, true);
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    gics.set_line(0, kDisk, true);
    gics.end(0, kDisk);
    EXPECT_EQ(gics.acknowledge(0), kNone) << "a line that stays high is not an edge";
}

TEST(VirtualGic, AClearedEdgeIsForgotten) {
    Gics gics;
    gics.write(0, gicd::kIcfgr + 8, 2U << 2 * (kDisk - 32));
    gics.enable(0, kDisk);
    gics.set_line(0, kDisk, true);
    gics.set(0, gicd::kIcpendr, kDisk);
    EXPECT_EQ(gics.acknowledge(0), kNone);
}

// ---- SGIs: 3.2.2, 4.3.15 ----

TEST(VirtualGic, AnSgiNamesItsSenderTheLowestFirst) {
    Gics gics({.cpus = 4});
    gics.write(2, gic::GicdCtlr::kOffset, 1);
    for (const unsigned sender : {3U, 1U}) {
        gics.send(sender, gic::SgiTarget::kList, 0b0100, 7);
    }
    EXPECT_EQ(gics.acknowledge(2), model::name_of(7, 1));
    EXPECT_EQ(gics.read(2, gicd::kSpendsgir + 7, 1), 0b1000U);
    EXPECT_TRUE(gics.is_set(2, gicd::kIspendr, 7));
    EXPECT_TRUE(gics.is_set(2, gicd::kIsactiver, 7));
    EXPECT_EQ(gics.acknowledge(2), kNone) << "the other sender waits for the end";
    gics.end(2, model::name_of(7, 1));
    EXPECT_EQ(gics.acknowledge(2), model::name_of(7, 3));
    gics.end(2, model::name_of(7, 3));
    EXPECT_EQ(gics.acknowledge(2), kNone);
}

TEST(VirtualGic, TheNextSenderOfAnSgiNeedsNoAccessToTheDistributor) {
    Gics gics({.cpus = 4});
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.write(0, gicd::kSpendsgir + 3, 0x0F, 1);
    for (unsigned sender = 0; sender < 4; ++sender) {
        EXPECT_EQ(gics.acknowledge(0), model::name_of(3, sender));
        gics.end(0, model::name_of(3, sender));
    }
    EXPECT_EQ(gics.acknowledge(0), kNone);
}

TEST(VirtualGic, AnSgiSentTwiceBeforeItsAcknowledgementIsOne) {
    Gics gics({.cpus = 2});
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.send(1, gic::SgiTarget::kOthers, 0, 0);
    gics.send(1, gic::SgiTarget::kOthers, 0, 0);
    EXPECT_EQ(gics.acknowledge(0), model::name_of(0, 1));
    gics.end(0, model::name_of(0, 1));
    EXPECT_EQ(gics.acknowledge(0), kNone);
}

TEST(VirtualGic, AnSgiFromTheSameSenderWaitsWhileActive) {
    Gics gics({.cpus = 2});
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.send(1, gic::SgiTarget::kList, 1, 9);
    EXPECT_EQ(gics.acknowledge(0), model::name_of(9, 1));
    gics.send(1, gic::SgiTarget::kList, 1, 9);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir + 9, 1), 2U);
    EXPECT_EQ(gics.acknowledge(0), kNone);
    gics.end(0, model::name_of(9, 1));
    EXPECT_EQ(gics.acknowledge(0), model::name_of(9, 1));
}

TEST(VirtualGic, ASourceThatIsClearedInAListRegisterIsWithdrawn) {
    Gics gics({.cpus = 2});
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.write(0, gicd::kSpendsgir + 4, 0x03, 1);
    EXPECT_EQ(gics.interface(0).highest(), model::name_of(4, 0));
    gics.write(0, gicd::kCpendsgir + 4, 0x01, 1);
    EXPECT_EQ(gics.interface(0).highest(), model::name_of(4, 1));
    gics.write(0, gicd::kCpendsgir + 4, 0x02, 1);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
}

TEST(VirtualGic, ALowerSourceGoesBeforeOneThatIsPresented) {
    Gics gics({.cpus = 4});
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.send(3, gic::SgiTarget::kList, 1, 2);
    gics.send(1, gic::SgiTarget::kList, 1, 2);
    EXPECT_EQ(gics.acknowledge(0), model::name_of(2, 1));
}

// ---- Shared interrupts: 3.2.3, 4.3.12 ----

TEST(VirtualGic, ASharedInterruptGoesToTheLowestOfItsTargets) {
    Gics gics({.cpus = 4});
    gics.enable(0, kDisk);
    gics.write(0, gicd::kItargetsr + kDisk, 0b1010, 1);
    gics.set(0, gicd::kIspendr, kDisk);
    for (unsigned cpu = 0; cpu < 4; ++cpu) {
        EXPECT_EQ(gics.interface(cpu).highest(), cpu == 1 ? kDisk : kNone) << cpu;
    }
}

TEST(VirtualGic, ASharedInterruptWithoutTargetsWaits) {
    Gics gics({.cpus = 2});
    gics.enable(0, kDisk);
    gics.write(0, gicd::kItargetsr + kDisk, 0, 1);
    gics.set(0, gicd::kIspendr, kDisk);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    EXPECT_EQ(gics.interface(1).highest(), kNone);
    gics.write(0, gicd::kItargetsr + kDisk, 2, 1);
    EXPECT_EQ(gics.interface(1).highest(), kDisk);
}

TEST(VirtualGic, APendingSharedInterruptFollowsItsTarget) {
    Gics gics({.cpus = 2});
    gics.enable(0, kDisk);
    gics.set(0, gicd::kIspendr, kDisk);
    EXPECT_EQ(gics.interface(0).highest(), kDisk);
    gics.write(1, gicd::kItargetsr + kDisk, 2, 1);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    EXPECT_EQ(gics.interface(1).highest(), kDisk);
}

TEST(VirtualGic, AnActiveSharedInterruptIsEndedWhereItWasAcknowledged) {
    Gics gics({.cpus = 2});
    gics.enable(0, kDisk);
    gics.set(0, gicd::kIspendr, kDisk);
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    gics.write(0, gicd::kItargetsr + kDisk, 2, 1);
    gics.set(1, gicd::kIspendr, kDisk);
    EXPECT_EQ(gics.interface(1).highest(), kNone) << "it is active";
    EXPECT_TRUE(gics.is_set(1, gicd::kIsactiver, kDisk));
    gics.end(0, kDisk);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    EXPECT_EQ(gics.interface(1).highest(), kDisk);
}

TEST(VirtualGic, WithOneCpuSharedInterruptsNeedNoTarget) {
    Gics gics;
    gics.enable(0, 63);
    gics.set_line(0, 63, true);
    EXPECT_EQ(gics.interface(0).highest(), 63U);
}

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

// ---- Physical interrupts: 5.2.1, 5.3.8 ----

TEST(VirtualGic, ALinkedInterruptIsDeactivatedByItsEndWithHw) {
    Gics gics(with_timer(Link::kHardware));
    gics.enable(0, kTimer);
    gics.take(0, kTimer);
    const auto word = gics.listed(0, kTimer);
    ASSERT_TRUE(word);
    EXPECT_TRUE(word->get(ListRegister::kHardware));
    EXPECT_EQ(word->get(ListRegister::kPhysicalId), kTimer);
    EXPECT_EQ(word->get(ListRegister::kState), LrState::kPending);
    EXPECT_EQ(gics.acknowledge(0), kTimer);
    EXPECT_TRUE(gics.by_hardware().empty());
    gics.end(0, kTimer);
    EXPECT_EQ(gics.by_hardware(), Ids{kTimer});
    EXPECT_TRUE(gics.by_hyp().empty());
}

TEST(VirtualGic, ALinkedInterruptIsDeactivatedByHypAfterItsEndWithoutHw) {
    Gics gics(with_timer(Link::kMaintenance));
    gics.enable(0, kTimer);
    gics.take(0, kTimer);
    const auto word = gics.listed(0, kTimer);
    ASSERT_TRUE(word);
    EXPECT_FALSE(word->get(ListRegister::kHardware));
    EXPECT_TRUE(word->get(ListRegister::kEoiMaintenance));
    EXPECT_EQ(gics.acknowledge(0), kTimer);
    EXPECT_TRUE(gics.by_hyp().empty());
    gics.end(0, kTimer);
    EXPECT_EQ(gics.by_hyp(), Ids{kTimer});
    EXPECT_TRUE(gics.by_hardware().empty());
}

TEST(VirtualGic, ALinkedInterruptThatWasWithdrawnIsDeactivatedByHyp) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.take(0, kTimer);
        gics.set(0, gicd::kIcpendr, kTimer);
        EXPECT_EQ(gics.by_hyp(), Ids{kTimer});
        EXPECT_FALSE(gics.listed(0, kTimer));
    }
}

TEST(VirtualGic, ALinkedInterruptThatAWriteDeactivatesIsDeactivatedByHyp) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.take(0, kTimer);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.set(0, gicd::kIcactiver, kTimer);
        EXPECT_EQ(gics.by_hyp(), Ids{kTimer});
    }
}

TEST(VirtualGic, ADisabledLinkedInterruptStaysActivePhysically) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.take(0, kTimer);
        gics.set(0, gicd::kIcenabler, kTimer);
        EXPECT_TRUE(gics.by_hyp().empty());
        gics.set(0, gicd::kIsenabler, kTimer);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 1U);
    }
}

// 5.3.8: no list register with HW = 1 may be pending and active.
TEST(VirtualGic, ALinkedInterruptThatAWritePendsWhileActiveIsDeactivatedAfterItsSecondEnd) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.take(0, kTimer);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.set(0, gicd::kIspendr, kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 0U);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 1U);
    }
}

TEST(VirtualGic, ALinkedInterruptThatOnlyAWritePendedHasNothingPhysicalBehindIt) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.set(0, gicd::kIspendr, kTimer);
        ASSERT_TRUE(gics.listed(0, kTimer));
        EXPECT_FALSE(gics.listed(0, kTimer)->get(ListRegister::kHardware));
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 0U);
    }
}

// A list register alone asks for maintenance at every end, which must not be taken for a linked
// one.
TEST(VirtualGic, AnEndWithMaintenanceDeactivatesNothingThatWasNotTaken) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link), 1);
        gics.enable(0, kTimer, 0x40);
        gics.enable(0, kDisk, 0x80);
        gics.set(0, gicd::kIspendr, kTimer);
        gics.set(0, gicd::kIspendr, kDisk);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 0U);
        EXPECT_EQ(gics.acknowledge(0), kDisk);
    }
}

TEST(VirtualGic, ALinkedInterruptThatIsPendingAgainButDisabledStaysActivePhysically) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.take(0, kTimer);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.set(0, gicd::kIcenabler, kTimer);
        gics.set(0, gicd::kIspendr, kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 0U);
        gics.set(0, gicd::kIcpendr, kTimer);
        EXPECT_EQ(gics.by_hyp(), Ids{kTimer});
    }
}

TEST(VirtualGic, ALinkedInterruptThatComesWhileAWriteHoldsItActiveWaits) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        gics.set(0, gicd::kIsactiver, kTimer);
        gics.take(0, kTimer);
        EXPECT_EQ(gics.acknowledge(0), kNone);
        gics.set(0, gicd::kIcactiver, kTimer);
        EXPECT_TRUE(gics.by_hyp().empty());
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 1U);
    }
}

TEST(VirtualGic, ALinkedSharedInterruptIsDeactivatedOnceWhereverItIsEnded) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics({.cpus = 2, .link = link, .linked = only(kDisk)});
        gics.enable(0, kDisk);
        gics.take(1, kDisk);
        gics.write(0, gicd::kItargetsr + kDisk, 2, 1);
        EXPECT_EQ(gics.interface(0).highest(), kNone);
        EXPECT_EQ(gics.acknowledge(1), kDisk);
        gics.write(0, gicd::kItargetsr + kDisk, 1, 1);
        gics.end(1, kDisk);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 1U);
    }
}

TEST(VirtualGic, ALinkedInterruptThatLostItsListRegisterIsDeactivatedByHyp) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link), 1);
        gics.enable(0, kTimer, 0x80);
        gics.enable(0, kDisk, 0x40);
        gics.take(0, kTimer);
        EXPECT_EQ(gics.acknowledge(0), kTimer);
        gics.set(0, gicd::kIspendr, kDisk);
        EXPECT_EQ(gics.acknowledge(0), kDisk);
        gics.end(0, kDisk);
        gics.end(0, kTimer);
        EXPECT_EQ(gics.by_hyp().size() + gics.by_hardware().size(), 1U);
        EXPECT_FALSE(gics.is_set(0, gicd::kIsactiver, kTimer));
    }
}

TEST(VirtualGic, EachCpuHasItsOwnLinkedPrivateInterrupt) {
    Gics gics(with_timer(Link::kHardware, 2));
    for (unsigned cpu = 0; cpu < 2; ++cpu) {
        gics.enable(cpu, kTimer);
    }
    gics.take(1, kTimer);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    EXPECT_EQ(gics.interface(1).highest(), kTimer);
}

// ---- Quick injection ----

TEST(VirtualGic, TheQuickInjectionIsWhatTakingTheInterruptWouldPresent) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics taken(with_timer(link));
        Gics gics(with_timer(link));
        for (Gics* each : {&taken, &gics}) {
            each->enable(0, kTimer, 0x48);
            each->write(0, gicd::kIgroupr, 1U << kTimer);
        }
        const QuickInjection quick = gics.quick(0);
        ASSERT_NE(quick.free_bit, 0U);
        EXPECT_EQ(quick.free_bit & (quick.free_bit - 1), 0U);
        EXPECT_NE(quick.free_bit & gics.interface(0).elrsr(), 0U);
        taken.take(0, kTimer);
        ASSERT_TRUE(taken.listed(0, kTimer));
        EXPECT_EQ(quick.word, *taken.listed(0, kTimer));
    }
}

TEST(VirtualGic, AQuickInjectionIsAnInterruptLikeAnyOther) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics(with_timer(link));
        gics.enable(0, kTimer);
        for (int round = 1; round <= 3; ++round) {
            const QuickInjection quick = gics.quick(0);
            ASSERT_NE(quick.free_bit & gics.interface(0).elrsr(), 0U);
            gics.interface(0).write((quick.lr_address - gic::gich::kLr0) / 4, quick.word);
            EXPECT_EQ(state_of(gics, 0, kTimer), LrState::kPending);
            EXPECT_EQ(gics.acknowledge(0), kTimer);
            EXPECT_TRUE(gics.is_set(0, gicd::kIsactiver, kTimer));
            gics.end(0, kTimer);
            EXPECT_FALSE(gics.is_set(0, gicd::kIsactiver, kTimer));
            EXPECT_EQ((link == Link::kHardware ? gics.by_hardware() : gics.by_hyp()).size(), round);
        }
    }
}

TEST(VirtualGic, ThereIsNoQuickInjectionWhileAListRegisterHoldsTheInterrupt) {
    Gics gics(with_timer(Link::kHardware));
    gics.enable(0, kTimer);
    gics.take(0, kTimer);
    EXPECT_EQ(gics.quick(0).free_bit & gics.interface(0).elrsr(), 0U);
    EXPECT_EQ(gics.acknowledge(0), kTimer);
    EXPECT_EQ(gics.quick(0).free_bit & gics.interface(0).elrsr(), 0U);
}

TEST(VirtualGic, ThereIsNoQuickInjectionWhileAnInterruptWaits) {
    Gics gics(with_timer(Link::kHardware), 1);
    gics.enable(0, kTimer);
    for (const IntId id : {32U, 33U}) {
        gics.enable(0, id, 0x10);
        gics.set(0, gicd::kIspendr, id);
    }
    EXPECT_EQ(gics.quick(0).free_bit, 0U);
    for (const IntId id : {32U, 33U}) {
        EXPECT_EQ(gics.acknowledge(0), id);
        gics.end(0, id);
    }
    gics.visit([](WholeGic&) {});
    EXPECT_NE(gics.quick(0).free_bit, 0U);
}

TEST(VirtualGic, ThereIsNoQuickInjectionOfAnInterruptThatAWriteMadeActive) {
    Gics gics(with_timer(Link::kHardware));
    gics.enable(0, kTimer);
    gics.set(0, gicd::kIsactiver, kTimer);
    EXPECT_EQ(gics.quick(0).free_bit & gics.interface(0).elrsr(), 0U);
}

TEST(VirtualGic, WithoutAQuickInterruptThereIsNoQuickInjection) {
    Gics gics({.linked = only(kTimer)});
    gics.enable(0, kTimer);
    EXPECT_EQ(gics.quick(0).free_bit, 0U);
}

// ---- An SGI of a CPU to itself ----

gic::GicdSgir to_self(IntId id) {
    return gic::GicdSgir{}
        .with(gic::GicdSgir::kSgiIntId, id)
        .with(gic::GicdSgir::kTargetListFilter, gic::SgiTarget::kSelf);
}

TEST(VirtualGic, AnSgiToItselfIsPresentedInAFreeListRegister) {
    Gics gics(with_timer(Link::kHardware), 2);
    gics.write(0, gic::GicdCtlr::kOffset, 3);
    gics.set_priority(0, 5, 0x38);
    gics.write(0, gicd::kIgroupr, 1U << 5);
    const auto sgi = quick_self_sgi(gics.state(), 0, to_self(5), 0b01, 0b11);
    ASSERT_TRUE(sgi);
    EXPECT_EQ(sgi->place, 1U);
    gics.interface(0).write(sgi->place, sgi->word);
    const auto word = gics.listed(0, 5);
    ASSERT_TRUE(word);
    EXPECT_EQ(word->get(ListRegister::kState), LrState::kPending);
    EXPECT_EQ(word->get(ListRegister::kPriority), 0x38U >> 3);
    EXPECT_TRUE(word->get(ListRegister::kGroup1));
    EXPECT_FALSE(word->get(ListRegister::kHardware));
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir + 5, 1), 1U);
    EXPECT_EQ(gics.acknowledge(0), 5U);
    EXPECT_TRUE(gics.is_set(0, gicd::kIsactiver, 5));
    gics.end(0, 5);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver), 0U);
    EXPECT_EQ(gics.read(0, gicd::kIspendr), 0U);
}

TEST(VirtualGic, AnSgiToItselfNamesItsCpuAndIsNotOfTheOthers) {
    Gics gics(with_timer(Link::kHardware, 2));
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    const auto sgi = quick_self_sgi(gics.state(), 1, to_self(5), gics.used(1), 0b1111);
    ASSERT_TRUE(sgi);
    gics.interface(1).write(sgi->place, sgi->word);
    EXPECT_EQ(gics.read(1, gicd::kSpendsgir + 5, 1), 2U);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir + 5, 1), 0U);
    EXPECT_EQ(gics.acknowledge(1), model::name_of(5, 1));
    gics.end(1, model::name_of(5, 1));
    EXPECT_EQ(gics.read(1, gicd::kIsactiver), 0U);
}

TEST(VirtualGic, AnSgiToItselfThatNeedsMoreThanAFreeListRegisterIsRefused) {
    Gics gics(with_timer(Link::kHardware), 2);
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    EXPECT_FALSE(quick_self_sgi(gics.state(), 0, to_self(5), 0b11, 0b11)) << "none is free";
    const auto listed = to_self(5).with(gic::GicdSgir::kTargetListFilter, gic::SgiTarget::kList);
    EXPECT_FALSE(quick_self_sgi(gics.state(), 0, listed, 0, 0b11));
    const auto others = to_self(5).with(gic::GicdSgir::kTargetListFilter, gic::SgiTarget::kOthers);
    EXPECT_FALSE(quick_self_sgi(gics.state(), 0, others, 0, 0b11));
    gics.set(0, gicd::kIsactiver, 6);
    EXPECT_FALSE(quick_self_sgi(gics.state(), 0, to_self(6), gics.used(0), 0b11)) << "it is active";
    gics.send(0, gic::SgiTarget::kSelf, 0, 7);
    EXPECT_FALSE(quick_self_sgi(gics.state(), 0, to_self(7), gics.used(0), 0b11))
        << "it is pending";
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_FALSE(quick_self_sgi(gics.state(), 0, to_self(5), 0, 0b11)) << "its group is off";
}

// ---- Writes while nothing is pending or active ----

TEST(VirtualGic, AWriteAtRestIsAWriteLikeAnyOther) {
    Gics gics(with_timer(Link::kHardware));
    const auto write = [&](std::uint32_t offset, std::uint32_t value, std::uint32_t bytes = 4) {
        return write_at_rest(gics.state(), 0, {offset, bytes}, value);
    };
    ASSERT_TRUE(write(gic::GicdCtlr::kOffset, 3));
    const auto with_priority = write(gicd::kIpriorityr + kTimer, 0x50, 1);
    ASSERT_TRUE(with_priority);
    EXPECT_TRUE(with_priority->done);
    EXPECT_EQ(with_priority->quick.word.get(ListRegister::kPriority), 0x50U >> 3);
    const auto halfword = write(gicd::kIpriorityr, 0, 2);
    ASSERT_TRUE(halfword);
    EXPECT_FALSE(halfword->done) << "there is no such register";
    EXPECT_EQ(gics.read(0, gic::GicdCtlr::kOffset), 3U);
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr + kTimer, 1), 0x50U);
}

TEST(VirtualGic, AWriteIsNotAtRestWhereSomethingIsPendingOrActive) {
    Gics gics({.cpus = 2});
    const auto is_at_rest = [&](std::uint32_t offset, std::uint32_t value) {
        return write_at_rest(gics.state(), 0, {offset, 4}, value).has_value();
    };
    EXPECT_TRUE(is_at_rest(gicd::kIgroupr, 0));
    EXPECT_FALSE(is_at_rest(gicd::kIspendr, 1U << kPpi)) << "after it";
    EXPECT_FALSE(is_at_rest(gicd::kIgroupr, 0)) << "before it";
    gics.set(0, gicd::kIcpendr, kPpi);
    EXPECT_TRUE(is_at_rest(gicd::kIgroupr, 0));
    EXPECT_FALSE(is_at_rest(gicd::kIsactiver + 4, 1));
    gics.set(0, gicd::kIcactiver, 32);
    gics.set_line(0, kDisk, true);
    EXPECT_FALSE(is_at_rest(gicd::kIgroupr, 0)) << "the line is high";
    gics.set_line(0, kDisk, false);
    gics.send(0, gic::SgiTarget::kOthers, 0, 1);
    EXPECT_FALSE(is_at_rest(gicd::kIgroupr, 0)) << "the other CPU has one";
}

}  // namespace
}  // namespace hm::hyp
