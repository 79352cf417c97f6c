#include "hyp/core/entry_state.hpp"

#include <gtest/gtest.h>

#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {
namespace {

constexpr std::uint32_t kCounters = 6;

EntryState state_of(Regime regime, Delivery delivery) {
    VirtualMachine vm;
    vm.regime = regime;
    vm.delivery = delivery;
    return entry_state(vm, kCounters);
}

TEST(EntryState, NativelyOnlySmcAndFiqComeToHyp) {
    const EntryState state = state_of(Regime::kNative, Delivery::kStraight);
    EXPECT_EQ(state.hcr.raw, (1U << 19) | (1U << 3));
    EXPECT_EQ(state.hstr.raw, 0U);
    EXPECT_FALSE(state.hcptr.get(cpu::Hcptr::kTta));
    EXPECT_EQ(state.hdcr.raw, kCounters);
    EXPECT_EQ(state.cnthctl.raw, 3U);
}

TEST(EntryState, AGuestHasStageTwoAndItsInterruptsInjected) {
    const EntryState state = state_of(Regime::kNested, Delivery::kInjected);
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kVm));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kImo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kFmo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kAmo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kTsc));
    EXPECT_TRUE(state.hstr.get(cpu::Hstr::kT15));
    EXPECT_FALSE(state.cnthctl.get(cpu::Cnthctl::kPl1pcen));
    EXPECT_TRUE(state.cnthctl.get(cpu::Cnthctl::kPl1pcten));
}

TEST(EntryState, StageTwoAloneHasCacheableMemoryWithStageOneOff) {
    const EntryState alone = state_of(Regime::kStage2, Delivery::kInjected);
    const EntryState nested = state_of(Regime::kNested, Delivery::kInjected);
    EXPECT_TRUE(alone.hcr.get(cpu::Hcr::kDc));
    EXPECT_EQ(alone.hcr.with(cpu::Hcr::kDc, false), nested.hcr);
    EXPECT_FALSE(state_of(Regime::kNative, Delivery::kStraight).hcr.get(cpu::Hcr::kDc));
}

TEST(EntryState, ALocalTlbInvalidationStaysLocal) {
    // FB and BSU would broadcast the guest's maintenance and widen its barriers, which is work that
    // a native run does not do.
    const EntryState state = state_of(Regime::kNested, Delivery::kInjected);
    EXPECT_FALSE(state.hcr.get(cpu::Hcr::kFb));
    EXPECT_EQ(state.hcr.raw & (3U << 10), 0U);
}

TEST(EntryState, WfiAndThePerformanceMonitorAreTheGuestsInBothWorlds) {
    for (const auto regime : {Regime::kNative, Regime::kNested}) {
        const auto delivery = regime == Regime::kNative ? Delivery::kStraight : Delivery::kInjected;
        const EntryState state = state_of(regime, delivery);
        EXPECT_FALSE(state.hcr.get(cpu::Hcr::kTwi));
        EXPECT_FALSE(state.hdcr.get(cpu::Hdcr::kTpm));
        EXPECT_FALSE(state.hdcr.get(cpu::Hdcr::kTpmcr));
        EXPECT_EQ(state.hdcr.get(cpu::Hdcr::kHpmn), kCounters);
        EXPECT_EQ(state.hcptr.get(cpu::Hcptr::kTcp) & (3U << 10), 0U);
    }
}

TEST(EntryState, InterruptsThatComeStraightAreNotRoutedToHypButTheWatchdogIs) {
    const EntryState state = state_of(Regime::kNested, Delivery::kStraight);
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kVm));
    EXPECT_FALSE(state.hcr.get(cpu::Hcr::kImo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kFmo));
}

TEST(EntryState, WithoutALinkTheGuestsEndOfInterruptAsksForMaintenance) {
    EXPECT_EQ(link_of(Delivery::kInjected), Link::kHardware);
    EXPECT_EQ(link_of(Delivery::kInjectedSoft), Link::kMaintenance);
    EXPECT_EQ(state_of(Regime::kNested, Delivery::kInjectedSoft).hcr,
              state_of(Regime::kNested, Delivery::kInjected).hcr);
}

TEST(EntryState, WfiComesToHypWhereThatIsAskedFor) {
    VirtualMachine vm;
    vm.regime = Regime::kNested;
    vm.delivery = Delivery::kInjected;
    vm.traps_wfi = true;
    EXPECT_TRUE(entry_state(vm, kCounters).hcr.get(cpu::Hcr::kTwi));
}

TEST(EntryState, AVmWithoutCountersCannotReachThem) {
    VirtualMachine vm;
    vm.regime = Regime::kNested;
    vm.has_counters = false;
    EXPECT_TRUE(entry_state(vm, kCounters).hdcr.get(cpu::Hdcr::kTpm));
    EXPECT_TRUE(entry_state(vm, kCounters).hdcr.get(cpu::Hdcr::kTpmcr));
}

TEST(EntryState, ThumbEeAndJazelleTrapForTheirRegistersAreNotSwitched) {
    const EntryState state = state_of(Regime::kNested, Delivery::kInjected);
    EXPECT_TRUE(state.hstr.get(cpu::Hstr::kTtee));
    EXPECT_TRUE(state.hstr.get(cpu::Hstr::kTjdbx));
}

TEST(EntryState, AGuestStartsInSvcModeWithEverythingMasked) { EXPECT_EQ(kEntryPsr.raw, 0x1D3U); }

TEST(TrapFrame, EveryRegisterOfTheFrameIsFoundByItsNumber) {
    TrapFrame frame{};
    for (std::uint32_t number = 0; number <= 12; ++number) {
        *frame.reg(number) = 100 + number;
    }
    EXPECT_EQ(frame.r0_to_r3[0], 100U);
    EXPECT_EQ(frame.r0_to_r3[3], 103U);
    EXPECT_EQ(frame.r4_to_r11[0], 104U);
    EXPECT_EQ(frame.r4_to_r11[7], 111U);
    EXPECT_EQ(frame.r12, 112U);
    EXPECT_EQ(frame.reg(13), nullptr);
    EXPECT_EQ(frame.reg(14), nullptr);
}

}  // namespace
}  // namespace hm::hyp
