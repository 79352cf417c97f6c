// Logs of a plan that several machines have run.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

const std::vector<std::string> kPlan{"a native/native", "b nested/injected", "c nested/injected"};

/// A row, so that it is seen whose rows are kept.
LogText& with_row(LogText& log, unsigned value) {
    return log.row("chase", kGuest, Json{{"bytes", value}}, "read", value);
}

/// The first machine: it closes `a`, and is given up after a row of `b`.
std::string first_log() {
    LogText log;
    with_row(log.begin(kPlan), 1).scenario(kPlan[0]);
    return with_row(log, 2).text();
}

std::string rest_log(const Json& changes = Json::object(),
                     const std::vector<std::string>& plan = {kPlan[2]}) {
    LogText log;
    return with_row(log.begin(plan, changes), 3).scenario(kPlan[2]).end().text();
}

RunLog of_two(const std::string& first, const std::string& rest) {
    LogParser parser;
    parser.feed(first);
    parser.lose_scenario("its machine hung");
    parser.expect_new_machine();
    EXPECT_FALSE(parser.has_begun());
    parser.feed(rest);
    parser.finish();
    return parser.log();
}

TEST(HostNewMachine, OneScenarioIsLostAndTheOthersAreWhole) {
    const RunLog log = of_two(first_log(), rest_log());
    EXPECT_TRUE(log.faults.empty()) << log.faults.front();
    ASSERT_EQ(log.scenarios.size(), 3U);
    EXPECT_TRUE(log.scenarios[0].ok && log.scenarios[2].ok);
    const ScenarioRecord& lost = log.scenarios[1];
    EXPECT_EQ(lost.name, kPlan[1]);
    EXPECT_TRUE(lost.lost && !lost.ok && !lost.ran());
    EXPECT_EQ(lost.detail, "its machine hung; the rest of the plan went to a new machine");
    // The row of the scenario that was lost is not that of a whole scenario.
    ASSERT_EQ(log.rows.size(), 2U);
    EXPECT_EQ(log.rows[0].min, 1);
    EXPECT_EQ(log.rows[1].min, 3);
    EXPECT_EQ(log.new_machines, 1U);
    EXPECT_TRUE(log.end_ok.value_or(false));
    EXPECT_EQ(log.begin->plan, kPlan);
}

TEST(HostNewMachine, PartOfALineOfTheFirstMachineIsNotJoinedToTheSecondsWords) {
    const std::string whole = first_log() + record_line("{}");
    const RunLog log = of_two(whole.substr(0, whole.size() - 9), rest_log());
    EXPECT_TRUE(log.faults.empty()) << log.faults.front();
}

TEST(HostNewMachine, ItsRequestAndItsMeasuredFrequencyMayDiffer) {
    const RunLog log =
        of_two(first_log(), rest_log(Json{{"parameters", Json{{"suite", "quick"}, {"from", 2}}}}));
    EXPECT_TRUE(log.faults.empty()) << log.faults.front();
    EXPECT_EQ(log.begin->parameters.text("count"), "1000");
}

TEST(HostNewMachine, ThatIsNotLikeTheFirstIsAFault) {
    for (const Json& change :
         {Json{{"version", "0.1.1"}}, Json{{"clock", "cycles"}}, Json{{"memory_bytes", 5}}}) {
        const RunLog log = of_two(first_log(), rest_log(change));
        ASSERT_FALSE(log.faults.empty()) << change;
        EXPECT_EQ(log.faults[0], "a new machine is not like the first: their begin records differ");
    }
}

TEST(HostNewMachine, ThatPlansSomethingElseIsAFault) {
    for (const std::vector<std::string>& plan :
         {kPlan, std::vector<std::string>{}, std::vector<std::string>{"d nested/injected"}}) {
        const RunLog log = of_two(first_log(), rest_log(Json::object(), plan));
        ASSERT_FALSE(log.faults.empty());
        EXPECT_EQ(log.faults[0], "a new machine does not plan what was left of the plan");
    }
}

TEST(HostNewMachine, InstructionsOfTheWholeRunAreNotKnownThen) {
    LogText rest;
    with_row(rest.begin({kPlan[2]}), 3).scenario(kPlan[2]);
    rest.record("end", Json{{"records", 3}, {"ok", true}, {"instructions", 9}});
    EXPECT_FALSE(of_two(first_log(), rest.text()).instructions);
}

TEST(HostNewMachine, WhereTheLastScenarioIsLostNothingElseIsMissing) {
    LogText log;
    log.begin({kPlan[1]});
    LogParser parser;
    parser.feed(log.text());
    parser.lose_scenario("its machine hung");
    EXPECT_FALSE(parser.log().next_in_plan());
    parser.finish();
    EXPECT_TRUE(parser.log().faults.empty()) << parser.log().faults.front();
    EXPECT_EQ(parser.log().scenarios.at(0).detail, "its machine hung");
}

TEST(HostNewMachine, ThatNeverBeginsLeavesTheRestMissing) {
    const RunLog log = of_two(first_log(), "");
    ASSERT_FALSE(log.faults.empty());
    EXPECT_TRUE(has(log.faults[0], "no end record"));
    EXPECT_EQ(log.faults.back(), "scenario \"c nested/injected\" is missing");
}

/// A native guest that is not ok, and what its machine says next.
std::string spoilt_log() {
    LogText log;
    log.begin(kPlan).scenario(kPlan[0], Json{{"ok", false}, {"detail", "lost its way"}});
    return with_row(log, 66).scenario(kPlan[1]).text();
}

TEST(HostNewMachine, AfterANativeGuestThatMisbehavedNothingOfItsMachineIsRead) {
    LogParser parser(AfterMisbehaviour::kReadNoMore);
    parser.feed(spoilt_log());
    EXPECT_TRUE(parser.log().spoilt);
    EXPECT_EQ(parser.log().next_in_plan(), 1U);
    parser.expect_new_machine();
    LogText rest;
    with_row(rest.begin({kPlan[1], kPlan[2]}), 2).scenario(kPlan[1]);
    parser.feed(with_row(rest, 3).scenario(kPlan[2]).end().text());
    parser.finish();
    const RunLog& log = parser.log();
    EXPECT_TRUE(log.faults.empty()) << log.faults.front();
    ASSERT_EQ(log.rows.size(), 2U);
    EXPECT_EQ(log.rows[0].min, 2);
    EXPECT_EQ(log.scenarios[0].detail, "lost its way; the rest of the plan went to a new machine");
    EXPECT_FALSE(log.scenarios[0].lost);
}

TEST(HostNewMachine, AMachineWithoutASuccessorIsReadOnAfterANativeGuestThatMisbehaved) {
    LogParser parser;
    parser.feed(spoilt_log());
    EXPECT_FALSE(parser.log().spoilt);
    EXPECT_EQ(parser.log().scenarios.size(), 2U);
}

TEST(HostNewMachine, OnlyANativeGuestThatRanCanSpoilWhatFollows) {
    for (const auto& [name, changes] :
         {std::pair{"b nested/injected", Json{{"ok", false}}},
          std::pair{"a native/native", Json::object()},
          std::pair{"a native/native", Json{{"ok", false}, {"skipped", true}}}}) {
        LogText log;
        log.begin({name, "c"}).scenario(name, changes);
        LogParser parser(AfterMisbehaviour::kReadNoMore);
        parser.feed(log.text());
        EXPECT_FALSE(parser.log().spoilt) << name << changes;
    }
    // Nothing is left that could be spoilt.
    LogText last;
    last.begin({kPlan[0]}).scenario(kPlan[0], Json{{"ok", false}});
    LogParser parser(AfterMisbehaviour::kReadNoMore);
    parser.feed(last.text());
    EXPECT_FALSE(parser.log().spoilt);
}

TEST(HostNewMachine, ScenariosOutOfThePlansOrderAllowNoSuccessor) {
    LogText log;
    log.begin(kPlan).scenario(kPlan[1]);
    LogParser parser;
    parser.feed(log.text());
    EXPECT_FALSE(parser.log().next_in_plan());
    parser.lose_scenario("its machine hung");
    EXPECT_EQ(parser.log().scenarios.size(), 1U);
}

}  // namespace
}  // namespace hm::host::testing
