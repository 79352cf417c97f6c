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

Plan plan_of(std::string_view words) {
    const ParsedRequest parsed = parse_request(words);
    EXPECT_FALSE(parsed.refusal);
    return make_plan(parsed.request, kHz);
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

TEST(Plan, EveryNativeScenarioHasAGuestOfTheSameWork) {
    const Plan plan = plan_of("suite=quick");
    std::multiset<std::string> native;
    std::multiset<std::string> guest;
    for (const Scenario& scenario : plan.scenarios()) {
        const std::string whole = name(scenario);
        const std::string stem = whole.substr(0, whole.rfind(' '));
        (scenario.world == World::kNative ? native : guest).insert(stem);
    }
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

TEST(Plan, PaperWakesUpAsOftenAsThePaper) {
    const Plan plan = plan_of("suite=paper only=timer");
    ASSERT_EQ(plan.scenarios().size(), 4U);
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_EQ(scenario.arguments[0], 30'000'000U);
        EXPECT_EQ(scenario.arguments[1], 120'000U);
    }
}

TEST(Plan, PeriodsFollowTheCounterOfTheMachine) {
    const Plan plan = make_plan(parse_request("only=timer period=1000").request, 24'000'000);
    EXPECT_EQ(plan.scenarios().front().arguments[0], 24'000U);
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
