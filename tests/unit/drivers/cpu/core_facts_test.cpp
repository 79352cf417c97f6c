#include "drivers/cpu/core_facts.hpp"

#include <gtest/gtest.h>

namespace hm::cpu {
namespace {

// As they read on an Exynos 5250 and on an H3.
constexpr Midr kA15 = Midr::from(0x412F'C0F4);
constexpr Midr kA7 = Midr::from(0x410F'C075);

TEST(CoreFacts, ACoreIsKnownByItsPartNumberWhateverItsRevision) {
    ASSERT_NE(facts_of(kA15), nullptr);
    EXPECT_EQ(facts_of(kA15)->name, "Cortex-A15");
    EXPECT_EQ(facts_of(Midr::from(0x410F'C0F0)), facts_of(kA15)) << "gem5's";
    ASSERT_NE(facts_of(kA7), nullptr);
    EXPECT_EQ(facts_of(kA7)->name, "Cortex-A7");
}

TEST(CoreFacts, ACoreThatNobodyHasLookedAtIsUnknown) {
    EXPECT_EQ(facts_of(Midr::from(0x410F'C0E0)), nullptr) << "Cortex-A17";
    EXPECT_EQ(facts_of(Midr::from(0x413F'C090)), nullptr) << "Cortex-A9";
    EXPECT_EQ(facts_of(Midr{}), nullptr);
}

TEST(CoreFacts, AnA15SetsTheSmpBitInHypAndTheWorkaroundsOnlyInSecureState) {
    EXPECT_EQ(wanted_actlr(facts_of(kA15), Actlr{}, true).raw, 0x200'0042U);
    EXPECT_EQ(wanted_actlr(facts_of(kA15), Actlr{}, false).raw, 0x40U)
        << "SMP is bit 6 (TRM 4.3.28)";
    EXPECT_EQ(wanted_actlr(facts_of(kA15), Actlr::from(0x8000'0001), false).raw, 0x8000'0041U);
}

TEST(CoreFacts, AnA7SetsTheSmpBitAlone) {
    // Its bits 1 and 25 are not those of 773022 and 774769, which are Cortex-A15's.
    EXPECT_EQ(wanted_actlr(facts_of(kA7), Actlr{}, true).raw, 0x40U);
    EXPECT_EQ(wanted_actlr(facts_of(kA7), Actlr::from(0x6000), true).raw, 0x6040U);
    EXPECT_EQ(wanted_actlr(facts_of(kA7), Actlr{}, false).raw, 0x40U);
}

TEST(CoreFacts, AnUnknownCoresActlrStaysAsItIs) {
    EXPECT_EQ(wanted_actlr(nullptr, Actlr::from(1), true).raw, 1U);
}

TEST(CoreFacts, OnlyTheA15HasAPrefetchRegisterAndSixCounters) {
    EXPECT_TRUE(facts_of(kA15)->has_l2_prefetch_register);
    EXPECT_FALSE(facts_of(kA7)->has_l2_prefetch_register);
    EXPECT_EQ(facts_of(kA15)->event_counters, 6U);
    EXPECT_EQ(facts_of(kA7)->event_counters, 4U);
    EXPECT_EQ(kMostEventCounters, 6U);
    EXPECT_EQ(kLongestLine, 64U);
}

TEST(CoreFacts, OnlyOfTheA7ItIsKnownHowItsTlbsAreRead) {
    EXPECT_EQ(facts_of(kA15)->tlb_rams, nullptr);
    ASSERT_NE(facts_of(kA7)->tlb_rams, nullptr);
    EXPECT_EQ(facts_of(kA7)->tlb_rams->ways, 2U);
}

}  // namespace
}  // namespace hm::cpu
