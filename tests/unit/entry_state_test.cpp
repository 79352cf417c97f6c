#include "hyp/core/entry_state.hpp"

#include <gtest/gtest.h>

#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {
namespace {

constexpr std::uint32_t kCounters = 6;

TEST(EntryState, NativelyOnlySmcAndFiqComeToHyp) {
    const EntryState state = entry_state(Regime::kNative, Delivery::kNative, kCounters);
    EXPECT_EQ(state.hcr.raw, (1U << 19) | (1U << 3));
    EXPECT_EQ(state.hstr.raw, 0U);
    EXPECT_FALSE(state.hcptr.get(cpu::Hcptr::kTta));
    EXPECT_EQ(state.hdcr.raw, kCounters);
    EXPECT_EQ(state.cnthctl.raw, 3U);
}

TEST(EntryState, AGuestHasStageTwoAndItsInterruptsInjected) {
    const EntryState state = entry_state(Regime::kNested, Delivery::kInjected, kCounters);
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kVm));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kImo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kFmo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kAmo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kTsc));
    EXPECT_TRUE(state.hstr.get(cpu::Hstr::kT15));
    EXPECT_FALSE(state.cnthctl.get(cpu::Cnthctl::kPl1pcen));
    EXPECT_TRUE(state.cnthctl.get(cpu::Cnthctl::kPl1pcten));
}

TEST(EntryState, ALocalTlbInvalidationStaysLocal) {
    // FB and BSU would broadcast the guest's maintenance and widen its barriers, which is work that
    // a native run does not do.
    const EntryState state = entry_state(Regime::kNested, Delivery::kInjected, kCounters);
    EXPECT_FALSE(state.hcr.get(cpu::Hcr::kFb));
    EXPECT_EQ(state.hcr.raw & (3U << 10), 0U);
}

TEST(EntryState, WfiAndThePerformanceMonitorAreTheGuestsInBothWorlds) {
    for (const auto regime : {Regime::kNative, Regime::kNested}) {
        const auto delivery = regime == Regime::kNative ? Delivery::kNative : Delivery::kInjected;
        const EntryState state = entry_state(regime, delivery, kCounters);
        EXPECT_FALSE(state.hcr.get(cpu::Hcr::kTwi));
        EXPECT_FALSE(state.hdcr.get(cpu::Hdcr::kTpm));
        EXPECT_FALSE(state.hdcr.get(cpu::Hdcr::kTpmcr));
        EXPECT_EQ(state.hdcr.get(cpu::Hdcr::kHpmn), kCounters);
        EXPECT_EQ(state.hcptr.get(cpu::Hcptr::kTcp) & (3U << 10), 0U);
    }
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
