#include "drivers/cpu/implementation_registers.hpp"

#include <gtest/gtest.h>

namespace hm::cpu {
namespace {

TEST(ImplementationRegisters, ScrOnTheWayToHypIsUBootsAndWithScdThereIsNoWayBack) {
    // U-Boot, arch/arm/cpu/armv7/nonsec_virt.S, _secure_monitor: 0x31, and 0x100 for HYP.
    EXPECT_EQ(Scr{}
                  .with(Scr::kNs, true)
                  .with(Scr::kFw, true)
                  .with(Scr::kAw, true)
                  .with(Scr::kHce, true)
                  .raw,
              0x131U);
    EXPECT_EQ(Scr::from(0x131).with(Scr::kScd, true).raw, 0x1B1U);
}

TEST(ImplementationRegisters, ActlrAsUBootLeavesItOnExynos5250IsSmpAndTwoWorkarounds) {
    EXPECT_EQ(Actlr{}
                  .with(Actlr::kSmp, true)
                  .with(Actlr::kErratum773022, true)
                  .with(Actlr::kErratum774769, true)
                  .raw,
              0x200'0042U);
}

TEST(ImplementationRegisters, ATimerAssertsOnlyWhileItIsOnUnmaskedAndDue) {
    // CNTV_CTL: ENABLE is bit 0, IMASK 1, ISTATUS 2 (ARM DDI 0406C.d, B4.1.31).
    for (std::uint32_t word = 0; word < 8; ++word) {
        EXPECT_EQ(asserts(CntvCtl::from(word)), word == 0b101) << word;
    }
}

TEST(ImplementationRegisters, NonSecureStateGetsVfpAndTheSmpBit) {
    EXPECT_EQ(
        Nsacr{}.with(Nsacr::kCp10, true).with(Nsacr::kCp11, true).with(Nsacr::kNsSmp, true).raw,
        0x4'0C00U);
}

TEST(ImplementationRegisters, L2ctlrOfTwoCoresAndLatenciesOfThreeCycles) {
    const L2ctlr two = L2ctlr::from(0x0180'0082);
    EXPECT_EQ(two.get(L2ctlr::kProcessors), 1U);
    EXPECT_TRUE(two.get(L2ctlr::kInterruptController));
    EXPECT_EQ(two.get(L2ctlr::kTagLatency), 2U);
    EXPECT_EQ(two.get(L2ctlr::kDataLatency), 2U);
    EXPECT_FALSE(two.get(L2ctlr::kTagSetup));
    EXPECT_FALSE(two.get(L2ctlr::kDataSetup));
}

TEST(ImplementationRegisters, L2pfrAfterResetPrefetchesEightLinesOfDataAndThreeOfInstructions) {
    // TRM 4.3.61 and 7.4: 0x9B0 after reset; the greatest distances are 8 and 3.
    const L2pfr reset = L2pfr::from(0x9B0);
    EXPECT_EQ(reset.lines_of_data(), 8U);
    EXPECT_EQ(reset.get(L2pfr::kInstructions), 3U);
    EXPECT_FALSE(reset.get(L2pfr::kNoDescriptors));
    EXPECT_EQ(L2pfr::from(0x010).lines_of_data(), 2U);
    EXPECT_EQ(L2pfr::from(0x020).lines_of_data(), 4U);
    EXPECT_EQ(L2pfr::from(0xFFFF'FBCF).lines_of_data(), 0U);
    EXPECT_TRUE(L2pfr::from(0x400).get(L2pfr::kNoDescriptors));
}

}  // namespace
}  // namespace hm::cpu
