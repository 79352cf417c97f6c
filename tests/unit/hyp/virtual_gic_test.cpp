// What the virtual GIC presents in list registers, and what comes back from there.
// ARM IHI 0048B, chapters 3 and 5.

#include <gtest/gtest.h>

#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/unit/hyp/gics.hpp"

namespace hm::hyp {
namespace {

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

}  // namespace
}  // namespace hm::hyp
