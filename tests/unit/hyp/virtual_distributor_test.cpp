#include "hyp/core/virtual_distributor.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

namespace gicd = gic::gicd;

constexpr IntId kTimer = 27;
constexpr std::uint32_t kTimerBit = 1U << kTimer;
constexpr std::uint32_t kEnableGroup1 = 2;

std::uint32_t read(VirtualDistributor& distributor, std::uint32_t offset, std::uint32_t bytes = 4,
                   const PresentedInterrupts& presented = {}) {
    const auto result = carry_out(distributor, {.offset = offset, .bytes = bytes}, presented);
    EXPECT_TRUE(result.handled) << std::hex << offset;
    EXPECT_EQ(result.effects, DistributorEffects{}) << std::hex << offset;
    return result.value;
}

DistributorEffects write(VirtualDistributor& distributor, std::uint32_t offset, std::uint32_t value,
                         std::uint32_t bytes = 4) {
    const auto result =
        carry_out(distributor, {.offset = offset, .bytes = bytes, .write = true, .value = value});
    EXPECT_TRUE(result.handled) << std::hex << offset;
    return result.effects;
}

/// All interrupts in Group 1, and that group enabled.
VirtualDistributor running() {
    VirtualDistributor distributor;
    distributor.group1 = ~0U;
    distributor.ctlr = gic::GicdCtlr::from(kEnableGroup1);
    return distributor;
}

TEST(VirtualDistributor, TyperSaysOneCoreAndNoSharedInterrupts) {
    VirtualDistributor distributor;
    EXPECT_EQ(read(distributor, gic::GicdTyper::kOffset), 0U);
}

TEST(VirtualDistributor, IidrNamesThisDistributor) {
    VirtualDistributor distributor;
    const auto iidr = gic::GicdIidr::from(read(distributor, gic::GicdIidr::kOffset));
    EXPECT_EQ(iidr.get(gic::GicdIidr::kImplementer), 0x43BU);
    EXPECT_EQ(iidr.get(gic::GicdIidr::kProductId), static_cast<std::uint32_t>('h'));
}

TEST(VirtualDistributor, ControlKeepsOnlyItsTwoEnableBits) {
    VirtualDistributor distributor;
    (void)write(distributor, gic::GicdCtlr::kOffset, 0xFFFFFFFF);
    EXPECT_EQ(read(distributor, gic::GicdCtlr::kOffset), 3U);
    (void)write(distributor, gic::GicdCtlr::kOffset, kEnableGroup1);
    EXPECT_EQ(read(distributor, gic::GicdCtlr::kOffset), kEnableGroup1);
}

TEST(VirtualDistributor, EnablingTheTimerIsReportedToTheCaller) {
    VirtualDistributor distributor = running();
    const auto effects = write(distributor, gicd::kIsenabler, kTimerBit);
    EXPECT_EQ(effects, DistributorEffects{.enable = kTimerBit});
    EXPECT_EQ(read(distributor, gicd::kIsenabler), kTimerBit | 0xFFFF);
    EXPECT_EQ(read(distributor, gicd::kIcenabler), kTimerBit | 0xFFFF);
}

TEST(VirtualDistributor, EnablingTwiceIsReportedOnce) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIsenabler, kTimerBit);
    EXPECT_EQ(write(distributor, gicd::kIsenabler, kTimerBit), DistributorEffects{});
}

TEST(VirtualDistributor, DisablingTheTimerIsReportedToTheCaller) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIsenabler, kTimerBit | (1U << 30));
    const auto effects = write(distributor, gicd::kIcenabler, kTimerBit);
    EXPECT_EQ(effects, DistributorEffects{.disable = kTimerBit});
    EXPECT_EQ(read(distributor, gicd::kIsenabler), (1U << 30) | 0xFFFF);
}

TEST(VirtualDistributor, SgisCannotBeDisabled) {
    VirtualDistributor distributor = running();
    EXPECT_EQ(write(distributor, gicd::kIcenabler, 0xFFFF), DistributorEffects{});
    EXPECT_EQ(read(distributor, gicd::kIsenabler), 0xFFFFU);
}

TEST(VirtualDistributor, NothingIsEnabledWhileItsGroupIsOff) {
    VirtualDistributor distributor;
    distributor.group1 = ~0U;
    EXPECT_EQ(write(distributor, gicd::kIsenabler, kTimerBit), DistributorEffects{});
    EXPECT_EQ(write(distributor, gic::GicdCtlr::kOffset, 1), DistributorEffects{})
        << "Group 0 has no interrupts";
    EXPECT_EQ(write(distributor, gic::GicdCtlr::kOffset, kEnableGroup1).enable, kTimerBit | 0xFFFF);
    EXPECT_EQ(write(distributor, gic::GicdCtlr::kOffset, 0).disable, kTimerBit | 0xFFFF);
}

TEST(VirtualDistributor, AnInterruptThatChangesItsGroupIsReconfigured) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIsenabler, kTimerBit);
    const auto effects = write(distributor, gicd::kIgroupr, ~kTimerBit);
    EXPECT_EQ(effects, (DistributorEffects{.disable = kTimerBit, .reconfigure = kTimerBit}));
    EXPECT_EQ(read(distributor, gicd::kIgroupr), ~kTimerBit);
}

TEST(VirtualDistributor, AnEnabledInterruptThatIsPendedIsInjected) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIsenabler, kTimerBit);
    EXPECT_EQ(write(distributor, gicd::kIspendr, kTimerBit),
              DistributorEffects{.inject = kTimerBit});
    EXPECT_EQ(read(distributor, gicd::kIspendr), 0U) << "it has moved to the list registers";
}

TEST(VirtualDistributor, ADisabledInterruptStaysPendingUntilItIsEnabled) {
    VirtualDistributor distributor = running();
    EXPECT_EQ(write(distributor, gicd::kIspendr, kTimerBit), DistributorEffects{});
    EXPECT_EQ(read(distributor, gicd::kIspendr), kTimerBit);
    EXPECT_EQ(write(distributor, gicd::kIsenabler, kTimerBit),
              (DistributorEffects{.enable = kTimerBit, .inject = kTimerBit}));
    EXPECT_EQ(read(distributor, gicd::kIcpendr), 0U);
}

TEST(VirtualDistributor, ClearingPendingWithdrawsTheInterrupt) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIspendr, kTimerBit);
    EXPECT_EQ(write(distributor, gicd::kIcpendr, kTimerBit),
              DistributorEffects{.withdraw = kTimerBit});
    EXPECT_EQ(write(distributor, gicd::kIsenabler, kTimerBit),
              DistributorEffects{.enable = kTimerBit});
}

TEST(VirtualDistributor, SgisArePendedAndClearedElsewhere) {
    VirtualDistributor distributor = running();
    EXPECT_EQ(write(distributor, gicd::kIspendr, 0xFFFF), DistributorEffects{});
    EXPECT_EQ(write(distributor, gicd::kIcpendr, 0xFFFF), DistributorEffects{});
}

TEST(VirtualDistributor, PendingAndActiveShowWhatTheListRegistersHold) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIspendr, 1U << 30);
    const PresentedInterrupts presented{.pending = kTimerBit, .active = 1U << 29};
    EXPECT_EQ(read(distributor, gicd::kIspendr, 4, presented), kTimerBit | (1U << 30));
    EXPECT_EQ(read(distributor, gicd::kIcpendr, 4, presented), kTimerBit | (1U << 30));
    EXPECT_EQ(read(distributor, gicd::kIsactiver, 4, presented), 1U << 29);
    EXPECT_EQ(read(distributor, gicd::kIcactiver, 4, presented), 1U << 29);
}

TEST(VirtualDistributor, OnlyReadsOfPendingAndActiveLookAtTheListRegisters) {
    for (std::uint32_t offset = 0; offset < gicd::kSize; offset += 4) {
        VirtualDistributor distributor;
        const PresentedInterrupts all{.pending = ~0U, .active = ~0U};
        const DistributorAccess access{.offset = offset};
        const auto without = carry_out(distributor, access);
        const auto with = carry_out(distributor, access, all);
        if (without.value != with.value) {
            EXPECT_TRUE(needs_presented(access)) << std::hex << offset;
        }
        if (!needs_presented(access)) {
            EXPECT_EQ(without.value, with.value) << std::hex << offset;
        }
        EXPECT_FALSE(needs_presented({.offset = offset, .write = true}));
    }
    EXPECT_FALSE(needs_presented({.offset = gicd::kIsenabler}));
    EXPECT_FALSE(needs_presented({.offset = gicd::kIpriorityr}));
}

TEST(VirtualDistributor, ActiveStateIsChangedByTheCaller) {
    VirtualDistributor distributor = running();
    EXPECT_EQ(write(distributor, gicd::kIsactiver, kTimerBit),
              DistributorEffects{.activate = kTimerBit});
    EXPECT_EQ(write(distributor, gicd::kIcactiver, ~0U), DistributorEffects{.deactivate = ~0U});
}

TEST(VirtualDistributor, PrioritiesAreWrittenByWordAndByByte) {
    VirtualDistributor distributor;
    (void)write(distributor, gicd::kIpriorityr + 24, 0xA0908070);
    EXPECT_EQ(read(distributor, gicd::kIpriorityr + 24), 0xA0908070U);
    (void)write(distributor, gicd::kIpriorityr + kTimer, 0x123456C8, 1);
    EXPECT_EQ(read(distributor, gicd::kIpriorityr + kTimer, 1), 0xC8U);
    EXPECT_EQ(read(distributor, gicd::kIpriorityr + 24), 0xC8908070U);
    EXPECT_EQ(distributor.priority[kTimer], 0xC8U);
}

TEST(VirtualDistributor, PrioritiesHaveFiveBits) {
    VirtualDistributor distributor;
    (void)write(distributor, gicd::kIpriorityr, 0xFFFFFFFF);
    EXPECT_EQ(read(distributor, gicd::kIpriorityr), 0xF8F8F8F8U);
}

TEST(VirtualDistributor, ANewPriorityIsReportedForTheInterruptsThatItChanges) {
    VirtualDistributor distributor;
    EXPECT_EQ(write(distributor, gicd::kIpriorityr + 24, 0xA0000000),
              DistributorEffects{.reconfigure = kTimerBit});
    EXPECT_EQ(write(distributor, gicd::kIpriorityr + 24, 0xA0000000), DistributorEffects{});
}

TEST(VirtualDistributor, EveryInterruptIsTargetedAtTheOnlyCore) {
    VirtualDistributor distributor;
    for (std::uint32_t offset = gicd::kItargetsr; offset < gicd::kItargetsr + 32; offset += 4) {
        (void)write(distributor, offset, 0xFFFFFFFF);
        EXPECT_EQ(read(distributor, offset), 0x01010101U);
    }
    EXPECT_EQ(read(distributor, gicd::kItargetsr + 31, 1), 1U);
}

TEST(VirtualDistributor, ReadOnlyRegistersIgnoreWrites) {
    VirtualDistributor distributor;
    for (const std::uint32_t offset : {gic::GicdTyper::kOffset, gic::GicdIidr::kOffset,
                                       gicd::kIcfgr, gicd::kIcfgr + 4, gicd::kItargetsr}) {
        const std::uint32_t before = read(distributor, offset);
        EXPECT_EQ(write(distributor, offset, ~before), DistributorEffects{});
        EXPECT_EQ(read(distributor, offset), before) << std::hex << offset;
    }
    EXPECT_EQ(read(distributor, gicd::kIcfgr), 0xAAAAAAAAU) << "SGIs are edge-triggered";
}

TEST(VirtualDistributor, UnknownOffsetsReadAsZeroIgnoreWritesAndAreReported) {
    VirtualDistributor distributor = running();
    for (const std::uint32_t offset :
         {0x00CU, gicd::kIgroupr + 4, gicd::kIsenabler + 4, gicd::kIpriorityr + 32,
          gicd::kItargetsr + 32, gicd::kIcfgr + 8, gic::GicdSgir::kOffset, 0xFE8U, 0xFFCU}) {
        const auto got = carry_out(distributor, {.offset = offset});
        EXPECT_FALSE(got.handled) << std::hex << offset;
        EXPECT_EQ(got.value, 0U);
        const auto put = carry_out(distributor, {.offset = offset, .write = true, .value = ~0U});
        EXPECT_FALSE(put.handled) << std::hex << offset;
        EXPECT_EQ(put.effects, DistributorEffects{});
    }
}

TEST(VirtualDistributor, AccessesOfASizeThatTheRegisterForbidsAreReported) {
    VirtualDistributor distributor = running();
    const auto refused = [&](std::uint32_t offset, std::uint32_t bytes) {
        const auto result =
            carry_out(distributor, {.offset = offset, .bytes = bytes, .write = true, .value = ~0U});
        return !result.handled && result.effects == DistributorEffects{};
    };
    EXPECT_TRUE(refused(gicd::kIsenabler, 1));
    EXPECT_TRUE(refused(gic::GicdCtlr::kOffset, 1));
    EXPECT_TRUE(refused(gicd::kIsenabler + 2, 4));
    EXPECT_TRUE(refused(gicd::kIpriorityr, 2));
    EXPECT_TRUE(refused(gicd::kIpriorityr + 30, 4)) << "it would reach beyond the last priority";
    EXPECT_EQ(distributor.enabled, 0xFFFFU);
    EXPECT_EQ(read(distributor, gicd::kIpriorityr), 0U);
}

TEST(VirtualDistributor, ADeviceInterruptIsPresentedOnlyWhereItIsEnabled) {
    VirtualDistributor distributor = running();
    (void)write(distributor, gicd::kIsenabler, kTimerBit);
    EXPECT_EQ(pend(distributor, kTimerBit | (1U << 30)), kTimerBit);
    EXPECT_EQ(distributor.pending, 1U << 30);
    EXPECT_EQ(write(distributor, gicd::kIsenabler, 1U << 30).inject, 1U << 30);
}

}  // namespace
}  // namespace hm::hyp
