#include "measure/plan.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace hm::measure {
namespace {

constexpr std::uint64_t kHz = 1'000'000'000;

std::string name(const Scenario& scenario) {
    std::array<char, kNameBytes> buffer{};
    return std::string(name_of(scenario, buffer));
}

Plan plan_of(std::string_view words, std::uint64_t hz = kHz) {
    const ParsedRequest parsed = parse_request(words);
    EXPECT_FALSE(parsed.refusal);
    Plan plan;
    make_plan(parsed.request, hz, plan);
    return plan;
}

/// The deliveries of the timer scenarios that `wanted` accepts, each once.
template <class Wanted>
std::set<Delivery> deliveries(const Plan& plan, Wanted wanted) {
    std::set<Delivery> found;
    for (const Scenario& scenario : plan.scenarios()) {
        if (wanted(scenario)) {
            found.insert(scenario.delivery);
        }
    }
    return found;
}

TEST(Plan, NamesAreUniqueAndFit) {
    for (const char* const words : {"suite=quick hang=1 stray=1", "suite=paper hang=1 stray=1"}) {
        std::set<std::string> names;
        const Plan plan = plan_of(words);
        for (const Scenario& scenario : plan.scenarios()) {
            EXPECT_LT(name(scenario).size(), kNameBytes);
            EXPECT_TRUE(names.insert(name(scenario)).second) << name(scenario);
        }
        EXPECT_LT(names.size(), Plan::kMost);
    }
}

TEST(Plan, EveryNativeScenarioHasAnInjectedGuestOfTheSameWork) {
    const Plan plan = plan_of("suite=quick");
    std::multiset<std::string> native;
    std::multiset<std::string> guest;
    for (const Scenario& scenario : plan.scenarios()) {
        const std::string whole = name(scenario);
        const std::string stem = whole.substr(0, whole.rfind(' '));
        if (scenario.delivery == Delivery::kNative) {
            native.insert(stem);
        } else if (scenario.delivery == Delivery::kInjected) {
            guest.insert(stem);
        }
    }
    EXPECT_FALSE(native.empty());
    for (const std::string& stem : native) {
        EXPECT_EQ(guest.count(stem), 1U) << stem;
    }
}

TEST(Plan, QuickChasesUpToEightMegabytesAndPaperUpTo256) {
    const auto sizes = [](const Plan& plan) {
        std::set<std::uint32_t> bytes;
        for (const Scenario& scenario : plan.scenarios()) {
            bytes.insert(scenario.arguments[0]);
        }
        return bytes;
    };
    EXPECT_EQ(sizes(plan_of("only=chase")), (std::set<std::uint32_t>{64 * kKiB, kMiB, 8 * kMiB}));
    EXPECT_EQ(sizes(plan_of("suite=paper only=chase")),
              (std::set<std::uint32_t>{64 * kKiB, kMiB, 8 * kMiB, 64 * kMiB, 256 * kMiB}));
    EXPECT_EQ(sizes(plan_of("only=chase bytes=3M")),
              (std::set<std::uint32_t>{64 * kKiB, kMiB, 3 * kMiB}));
}

TEST(Plan, PaperWakesUpAsOftenAsThePaperWhereTheCoreIsIdle) {
    const Plan plan = plan_of("suite=paper only=timer load=idle wait=wfi");
    ASSERT_EQ(plan.scenarios().size(), 8U);
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_EQ(scenario.arguments[0], 30'000'000U);
        EXPECT_EQ(scenario.arguments[1], 120'000U);
    }
}

TEST(Plan, WhereTheCoreIsBusyPeriodsAreShorterAndTheRowSaysSo) {
    const Plan plan = plan_of("suite=paper only=timer wait=spin");
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_EQ(scenario.arguments[0], 100'000U);
        EXPECT_NE(name(scenario).find("period_us=100 dither_us=0 count=20000"), std::string::npos);
    }
}

TEST(Plan, EachTimerRowIsRunWithStampsAndWithout) {
    std::multiset<std::string> with;
    std::multiset<std::string> without;
    const Plan plan = plan_of("only=timer");
    for (const Scenario& scenario : plan.scenarios()) {
        std::string whole = name(scenario);
        whole.replace(whole.find("stamps="), 8, "");
        (scenario.stamps ? with : without).insert(whole);
    }
    EXPECT_GT(with.size(), 20U);
    EXPECT_EQ(with, without);
}

TEST(Plan, AGuestAloneHasFourDeliveriesIdleSpinningAndBesideTheSecondCore) {
    const std::set<Delivery> alone{Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft,
                                   Delivery::kDirect};
    const Plan plan = plan_of("only=timer");
    EXPECT_EQ(
        deliveries(plan,
                   [](const Scenario& s) { return s.load == Load::kIdle && s.wait == Wait::kWfi; }),
        alone);
    EXPECT_EQ(deliveries(plan, [](const Scenario& s) { return s.wait == Wait::kSpin; }), alone);
    EXPECT_EQ(deliveries(plan, [](const Scenario& s) { return s.load == Load::kCore; }), alone);
}

TEST(Plan, EveryLoadOfASecondVmIsSharedAndBoosted) {
    const Plan plan = plan_of("only=timer");
    for (const Load load :
         {Load::kVmIdle, Load::kVmCompute, Load::kVmFault, Load::kVmHypercall, Load::kAll}) {
        EXPECT_EQ(deliveries(plan, [load](const Scenario& s) { return s.load == load; }),
                  (std::set<Delivery>{Delivery::kShared, Delivery::kBoosted}))
            << name_of(load);
    }
}

TEST(Plan, TheWaitForASliceIsShownForFourSlices) {
    std::set<std::uint32_t> slices;
    const Plan plan = plan_of("only=timer load=vm-compute delivery=shared");
    for (const Scenario& scenario : plan.scenarios()) {
        slices.insert(scenario.slice);
    }
    EXPECT_EQ(slices, (std::set<std::uint32_t>{1'000'000, 2'000'000, 5'000'000, 10'000'000}));
}

TEST(Plan, ADeadlineThatWaitsForAWholeSliceIsOverBeforeTheNext) {
    const Plan plan = plan_of("only=timer");
    for (const Scenario& scenario : plan.scenarios()) {
        if (scenario.slice != 0) {
            // Neighbours may come nearer by 0.382 of the dither: see the test of Dither.
            const double period = scenario.arguments[0];
            EXPECT_GT(period - 0.382 * scenario.arguments[4], 1.2 * scenario.slice)
                << name(scenario);
        }
    }
}

TEST(Plan, KeysOfWordsLeaveOnlyTheirRows) {
    const Plan plan = plan_of("only=timer delivery=direct wait=spin load=idle");
    ASSERT_EQ(plan.scenarios().size(), 2U);
    EXPECT_EQ(plan.scenarios()[0].delivery, Delivery::kDirect);
    EXPECT_EQ(plan.scenarios()[0].arguments[5], 1U);
}

TEST(Plan, PeriodsAndSlicesFollowTheCounterOfTheMachine) {
    const Plan periods = plan_of("only=timer period=1000", 24'000'000);
    EXPECT_EQ(periods.scenarios().front().arguments[0], 24'000U);
    const Plan slices = plan_of("only=timer load=vm-idle", 24'000'000);
    EXPECT_EQ(slices.scenarios().front().slice, 240'000U);
}

TEST(Plan, ASwitchIsMeasuredBetweenTwoVmsWhoseSlicesDoNotEnd) {
    const Plan plan = plan_of("only=hypercall");
    const Scenario& last = plan.scenarios().back();
    EXPECT_EQ(name(last), "hypercall path=switch nested/shared");
    EXPECT_EQ(last.slice, UINT32_MAX);
}

TEST(Plan, WhatIsToMisbehaveComesFirst) {
    const Plan plan = plan_of("only=hypercall hang=1 stray=1");
    EXPECT_EQ(name(plan.scenarios()[0]), "hang native/native");
    EXPECT_EQ(name(plan.scenarios()[1]), "hang nested/injected");
    EXPECT_EQ(name(plan.scenarios()[2]), "stray nested/injected");
}

TEST(Plan, NamesSayWorkloadParametersRegimeAndDelivery) {
    const Plan plan = plan_of("only=chase");
    EXPECT_EQ(name(plan.scenarios()[0]), "chase order=sequential bytes=65536 native/native");
    EXPECT_EQ(name(plan.scenarios()[1]), "chase order=sequential bytes=65536 nested/injected");
}

}  // namespace
}  // namespace hm::measure
