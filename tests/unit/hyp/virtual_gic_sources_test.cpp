// Interrupts of other CPUs, and those that several could take: SGIs and shared interrupts.
// ARM IHI 0048B, 3.2 and 4.3.

#include <gtest/gtest.h>

#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/model/plain_gic.hpp"
#include "tests/unit/hyp/gics.hpp"

namespace hm::hyp {
namespace {

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

// ---- An SGI of a CPU to itself ----

/// With `free` of its list registers free.
std::optional<InPlace> send_to_self(Gics& gics, unsigned cpu, IntId id, std::uint32_t all,
                                    std::uint32_t free) {
    return quick_self_sgi(gics.state().ctlr, gics.state().cpu[cpu], id, {.all = all, .free = free});
}

TEST(VirtualGic, AnSgiToItselfIsPresentedInAFreeListRegister) {
    Gics gics(with_timer(Link::kHardware), 2);
    gics.write(0, gic::GicdCtlr::kOffset, 3);
    gics.set_priority(0, 5, 0x38);
    gics.write(0, gicd::kIgroupr, 1U << 5);
    const auto sgi = send_to_self(gics, 0, 5, 0b11, 0b10);
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
    const auto sgi = send_to_self(gics, 1, 5, 0b1111, 0b1111 & ~gics.used(1));
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
    EXPECT_FALSE(send_to_self(gics, 0, 5, 0b11, 0)) << "none is free";
    gics.set(0, gicd::kIsactiver, 6);
    EXPECT_FALSE(send_to_self(gics, 0, 6, 0b11, 0b11 & ~gics.used(0))) << "it is active";
    gics.send(0, gic::SgiTarget::kSelf, 0, 7);
    EXPECT_FALSE(send_to_self(gics, 0, 7, 0b11, 0b11 & ~gics.used(0))) << "it is pending";
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_FALSE(send_to_self(gics, 0, 5, 0b11, 0b11)) << "its group is off";
}

// ---- An SGI to a CPU that runs on another core ----

constexpr gic::GicdSgir request(gic::SgiTarget filter, std::uint32_t list = 0) {
    return gic::GicdSgir{}
        .with(gic::GicdSgir::kTargetListFilter, filter)
        .with(gic::GicdSgir::kCpuTargetList, list)
        .with(gic::GicdSgir::kSgiIntId, 5);
}

// Table 4-22: bits [25:24] say whether the list counts, all others, or only the sender.
TEST(VirtualGic, AnSgiGoesToThoseThatItsFilterNames) {
    constexpr std::uint32_t kSelf = 0b0010;
    constexpr std::uint32_t kOthers = 0b1101;
    EXPECT_EQ(targets_of(request(gic::SgiTarget::kList, 0b0101), kSelf, kOthers), 0b0101U);
    EXPECT_EQ(targets_of(request(gic::SgiTarget::kList, 0b0111), kSelf, kOthers), 0b0111U);
    EXPECT_EQ(targets_of(request(gic::SgiTarget::kList, 0xF0), kSelf, kOthers), 0U)
        << "no such CPU";
    EXPECT_EQ(targets_of(request(gic::SgiTarget::kOthers, 0b0010), kSelf, kOthers), kOthers);
    EXPECT_EQ(targets_of(request(gic::SgiTarget::kSelf, 0b0101), kSelf, kOthers), kSelf);
    EXPECT_EQ(targets_of(gic::GicdSgir::from(0x030F'0005), kSelf, kOthers), 0U) << "reserved";
}

std::optional<InPlace> come_from_0(Gics& gics, std::uint32_t sgis, std::uint32_t free) {
    return quick_sgi_from(0, sgis, gics.state().ctlr, gics.state().cpu[1],
                          {.all = 0b1111, .free = free});
}

TEST(VirtualGic, AnSgiFromAnotherCoreIsPresentedWithItsSource) {
    Gics gics(with_timer(Link::kHardware, 2));
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.set_priority(1, 5, 0x38);
    const auto sgi = come_from_0(gics, 1U << 5, 0b1111);
    ASSERT_TRUE(sgi);
    gics.interface(1).write(sgi->place, sgi->word);
    EXPECT_EQ(gics.read(1, gicd::kSpendsgir + 5, 1), 1U) << "CPU 0 has sent it";
    EXPECT_EQ(gics.listed(1, 5)->get(ListRegister::kPriority), 0x38U >> 3);
    EXPECT_EQ(gics.acknowledge(1), model::name_of(5, 0));
    gics.end(1, model::name_of(5, 0));
    EXPECT_EQ(gics.read(1, gicd::kIsactiver), 0U);
}

TEST(VirtualGic, WhatIsNotOneSgiForAFreeListRegisterIsRefused) {
    Gics gics(with_timer(Link::kHardware, 2));
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    EXPECT_FALSE(come_from_0(gics, 0, 0b1111)) << "none";
    EXPECT_FALSE(come_from_0(gics, 0b11, 0b1111)) << "two";
    EXPECT_FALSE(come_from_0(gics, 1U << 16, 0b1111)) << "no SGI";
    EXPECT_FALSE(come_from_0(gics, 1U << 5, 0)) << "no list register is free";
    gics.send(1, gic::SgiTarget::kSelf, 0, 6);
    EXPECT_FALSE(come_from_0(gics, 1U << 6, 0b1111 & ~gics.used(1))) << "one of its own is pending";
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_FALSE(come_from_0(gics, 1U << 5, 0b1111)) << "its group is off";
}

TEST(VirtualGic, SgisThatComeTogetherKeepTheirSource) {
    Gics gics(with_timer(Link::kHardware, 2));
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    gics.visit([](WholeGic& gic) { gic.receive(1, 0, 0b10'0010); });
    EXPECT_EQ(gics.read(1, gicd::kSpendsgir + 1, 1), 1U);
    EXPECT_EQ(gics.read(1, gicd::kSpendsgir + 5, 1), 1U);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir + 5, 1), 0U);
    EXPECT_EQ(gics.acknowledge(1), model::name_of(1, 0));
}

}  // namespace
}  // namespace hm::hyp
