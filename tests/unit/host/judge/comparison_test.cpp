// Runs side by side, and rules for what must not differ.

#include "host/judge/comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/judge/rule.hpp"
#include "host/report/comparison_text.hpp"
#include "tests/unit/host/judge/judged.hpp"

namespace hm::host::testing {
namespace {

Results recorded() { return judged_results(parse_log(good_log())); }

bool is_fault(const Row& row) { return row.workload == "pagefault" && row.layer == "total"; }

/// The same run, but each page fault as a guest takes `more`.
Results slower(double more) {
    Results results = recorded();
    for (Row& row : results.rows) {
        if (is_fault(row) && !row.native()) {
            row.mean += more;
            row.max += more;
        }
    }
    return results;
}

std::size_t faults_of_the_guest() {
    const Results results = recorded();
    return static_cast<std::size_t>(
        std::count_if(results.rows.begin(), results.rows.end(),
                      [](const Row& row) { return is_fault(row) && !row.native(); }));
}

/// A run on the emulator's own time: one row of a hundred events about `around`, and one of a
/// single event.
Results noisy(double around, double single = 10) {
    Results results;
    results.board = "virt";
    results.machine = "QEMU virt";
    results.clock = "emulator";
    results.verdicts = {{"one", true, ""}};
    Row row;
    row.workload = "timer";
    row.regime = "native";
    row.delivery = "native";
    row.layer = "deadline..application";
    row.unit = "emulator ns";
    row.count = 100;
    row.min = around - 10;
    row.mean = around;
    row.max = around + 10;
    row.p50 = around;
    row.histogram = {{around - 10, 25}, {around, 50}, {around + 10, 25}};
    results.rows.push_back(row);
    row.workload = "boot";
    row.layer = "total";
    row.count = 1;
    row.min = row.mean = row.max = single;
    row.p50.reset();
    row.histogram = {{single, 1}};
    results.rows.push_back(row);
    return results;
}

Comparison compared(std::vector<Side> sides) {
    return compare(sides, [](const std::string&) { return true; });
}

Rule rule(std::string_view text) {
    const auto parsed = parse_rule(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(Rule{});
}

std::size_t breaches(std::string_view text, const Comparison& comparison) {
    return check_rule(rule(text), comparison, 1).breaches.size();
}

TEST(HostComparison, EqualRunsAreEqualInEveryRow) {
    const Comparison same = compared({{"a", {recorded()}}, {"b", {recorded()}}});
    EXPECT_EQ(same.methods[1], Method::kExact);
    EXPECT_EQ(same.rows.size(), recorded().rows.size());
    EXPECT_EQ(same.count(1, Outcome::kEqual), same.rows.size());
    EXPECT_EQ(breaches("any>0", same), 0U);
}

TEST(HostComparison, OneInstructionMoreDiffersWhereInstructionsAreCounted) {
    const Comparison more = compared({{"a", {recorded()}}, {"b", {slower(1)}}});
    EXPECT_GT(faults_of_the_guest(), 0U);
    EXPECT_EQ(more.count(1, Outcome::kDiffers), faults_of_the_guest());
    EXPECT_EQ(breaches("any>0", more), faults_of_the_guest());
    EXPECT_EQ(breaches("mean>1", more), 0U);
    EXPECT_EQ(breaches("mean>0.5", more), faults_of_the_guest());
    EXPECT_EQ(breaches("mean<-0.5", more), 0U);
    const std::vector<Side> sides{{"a", {recorded()}}, {"b", {slower(1)}}};
    const std::string text = comparison_text(sides, more, false, 200);
    EXPECT_TRUE(has(line_with(text, "pagefault"), "+1 (+"));
    EXPECT_TRUE(has(text, fmt::format("{} differ, 0 only in A, 0 only in B.",
                                      more.count(1, Outcome::kDiffers))));
}

TEST(HostComparison, ADistributionThatDiffersBreaksOnlyTheStrictestRule) {
    Results other = recorded();
    other.rows.front().histogram.emplace_back(1e6, 1);
    const Comparison comparison = compared({{"a", {recorded()}}, {"b", {other}}});
    EXPECT_EQ(breaches("any>0", comparison), 1U);
    EXPECT_EQ(breaches("any>1%", comparison), 0U);
}

TEST(HostComparison, ARowThatIsGoneIsMissing) {
    Results less = recorded();
    less.rows.pop_back();
    const Comparison comparison = compared({{"a", {recorded()}}, {"b", {less}}});
    EXPECT_EQ(comparison.count(1, Outcome::kMissing), 1U);
    EXPECT_EQ(breaches("any>0", comparison), 1U);
    EXPECT_EQ(breaches("mean>0", comparison), 0U);
}

TEST(HostComparison, AnotherBoardOrClockIsNotSubtracted) {
    Results board = slower(100);
    board.board = "vexpress";
    const std::vector<Side> sides{{"a", {recorded()}}, {"b", {board}}};
    const Comparison comparison = compared(sides);
    EXPECT_EQ(comparison.methods[1], Method::kNone);
    EXPECT_EQ(comparison.count(1, Outcome::kDiffers), 0U);
    const std::string text = comparison_text(sides, comparison, true, 200);
    EXPECT_TRUE(has(text, "nothing is subtracted"));
    EXPECT_TRUE(has(text, "board \"virt\" and \"vexpress\""));
    EXPECT_FALSE(has(text, "+100"));
    EXPECT_FALSE(has(text, "B to A  "));
    Results clock = recorded();
    clock.clock = "emulator";
    EXPECT_EQ(compared({{"a", {recorded()}}, {"b", {clock}}}).methods[1], Method::kNone);
}

TEST(HostComparison, EventsOfTwoNoisyRunsAreTestedAndSingleOnesAreNot) {
    const Comparison far = compared({{"a", {noisy(1000)}}, {"b", {noisy(1100, 20)}}});
    EXPECT_EQ(far.methods[1], Method::kEvents);
    EXPECT_EQ(far.rows[0].changes[1].outcome, Outcome::kDiffers);
    EXPECT_EQ(far.rows[1].changes[1].outcome, Outcome::kUntested);
    EXPECT_EQ(breaches("mean>5%", far), 1U);
    EXPECT_EQ(breaches("mean>15%", far), 0U);
    Results near = noisy(1000);
    near.rows[0].histogram = {{990, 26}, {1000, 49}, {1010, 25}};
    near.rows[0].mean = 999.9;
    const Comparison close = compared({{"a", {noisy(1000)}}, {"b", {near}}});
    EXPECT_EQ(close.rows[0].changes[1].outcome, Outcome::kEqual);
    EXPECT_EQ(breaches("any>0", close), 0U) << "noise breaks no rule";
}

TEST(HostComparison, SeveralRunsOnBothSidesAreComparedByTheirMeans) {
    const Side before{"a", {noisy(1000, 10), noisy(1001, 11), noisy(999, 9)}};
    const Side after{"b", {noisy(1100, 10), noisy(1101, 9), noisy(1099, 11)}};
    const Comparison comparison = compared({before, after});
    EXPECT_EQ(comparison.methods[1], Method::kRuns);
    EXPECT_EQ(comparison.rows[0].changes[1].outcome, Outcome::kDiffers);
    EXPECT_EQ(comparison.rows[1].changes[1].outcome, Outcome::kEqual);
    ASSERT_TRUE(comparison.rows[0].values[1]);
    EXPECT_EQ((*comparison.rows[0].values[1])[0], 1100);
}

TEST(HostRule, TakesStatisticsChangesAndPercent) {
    EXPECT_EQ(rule("p99>2%").amount, 2);
    EXPECT_TRUE(rule("p99>2%").percent);
    EXPECT_EQ(row_statistics()[rule("p99.9>1.5").statistic.value_or(0)].name, "p99.9");
    EXPECT_TRUE(rule("mean<-10").shrinks);
    EXPECT_FALSE(rule("any>0").statistic);
    for (const char* const bad :
         {"", "p99", "p99>", "p98>2", "any<0", "any>-1", "mean<5", "mean>x", "mean>nan", "mean>1e5",
          "mean>1%%", "mean>>1", "mean>1-2", " mean>1"}) {
        EXPECT_FALSE(parse_rule(bad)) << bad;
    }
}

}  // namespace
}  // namespace hm::host::testing
