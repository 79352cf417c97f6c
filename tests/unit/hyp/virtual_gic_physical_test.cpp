// Virtual interrupts with physical ones behind them, and the quick ways to present one.
// ARM IHI 0048B, 5.2.1 and 5.3.8.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/unit/hyp/gics.hpp"

namespace hm::hyp {
namespace {

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

// ---- Shared interrupts of the machine: 5.2.1, 5.3.8 ----

constexpr std::array kPassed{PassedInterrupt{.interrupt = kDisk, .physical = 200}};

TEST(VirtualGic, ASharedInterruptOfTheMachineHasAnotherIdInAListRegister) {
    Gics gics({.passed = kPassed});
    gics.enable(0, kDisk, 0x40);
    gics.take(0, kDisk);
    const auto word = gics.listed(0, kDisk);
    ASSERT_TRUE(word);
    EXPECT_TRUE(word->get(ListRegister::kHardware));
    EXPECT_EQ(word->get(ListRegister::kPhysicalId), 200U);
    EXPECT_EQ(gics.acknowledge(0), kDisk);
    gics.end(0, kDisk);
    EXPECT_EQ(gics.by_hardware(), Ids{200});
}

std::optional<InPlace> take_at_once(Gics& gics) {
    const std::uint32_t used = gics.used(0);
    return quick_take(gics.state().cpu[0], quick_word(gics.state(), kDisk),
                      {.all = 0b1111, .free = 0b1111 & ~used});
}

TEST(VirtualGic, ASharedInterruptOfTheMachineIsPresentedAtOnceAsItWouldBeOtherwise) {
    for (const Link link : {Link::kHardware, Link::kMaintenance}) {
        Gics gics({.link = link, .quick = kTimer, .passed = kPassed});
        gics.enable(0, kDisk, 0x40);
        const auto taken = take_at_once(gics);
        ASSERT_TRUE(taken);
        Gics others({.link = link, .quick = kTimer, .passed = kPassed});
        others.enable(0, kDisk, 0x40);
        others.take(0, kDisk);
        ASSERT_TRUE(others.listed(0, kDisk));
        EXPECT_EQ(taken->word.raw, others.listed(0, kDisk)->raw);
        gics.interface(0).write(taken->place, taken->word);
        EXPECT_FALSE(take_at_once(gics)) << "a list register holds it";
        EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, kDisk));
    }
}

TEST(VirtualGic, ASharedInterruptOfTheMachineIsNotPresentedAtOnceWhereTheGuestHasItOff) {
    Gics gics({.quick = kTimer, .passed = kPassed});
    EXPECT_FALSE(take_at_once(gics)) << "nothing is on";
    gics.enable(0, kDisk);
    EXPECT_TRUE(take_at_once(gics));
    gics.set(0, gicd::kIcenabler, kDisk);
    EXPECT_FALSE(take_at_once(gics)) << "disabled";
    gics.set(0, gicd::kIsenabler, kDisk);
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_FALSE(take_at_once(gics)) << "its group is off";
    Gics two({.cpus = 2, .quick = kTimer, .passed = kPassed});
    two.enable(0, kDisk);
    EXPECT_FALSE(take_at_once(two)) << "another CPU may be its target";
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
