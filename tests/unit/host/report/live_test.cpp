// What a run shows while it goes on.

#include <gtest/gtest.h>

#include <sstream>

#include "host/report/estimate.hpp"
#include "host/report/live_tables.hpp"
#include "host/report/progress.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

RunLog log_of(LogText& log) {
    LogParser parser;
    parser.feed(log.text());
    return parser.log();
}

/// Four scenarios, of which two are closed and one is half done.
RunLog half_done() {
    LogText log;
    log.begin({"a", "b", "c", "d"}).scenario("a").scenario("b");
    RunLog run = log_of(log);
    run.progress = ProgressMark{"c", 50, 100};
    return run;
}

TEST(HostEstimate, WithoutAnEarlierRunAllScenariosCountAlike) {
    // 2.5 of 4 in 10 s.
    EXPECT_DOUBLE_EQ(Estimate().seconds_left(half_done(), 10).value(), 6);
    EXPECT_FALSE(Estimate().seconds_left(half_done(), 1)) << "too early";
    EXPECT_FALSE(Estimate().seconds_left(RunLog{}, 10));
}

TEST(HostEstimate, AnEarlierRunSaysWhatTakesLong) {
    const Estimate estimate({{"a", 1}, {"b", 1}, {"c", 2}, {"d", 8}});
    // 3 of 12 in 6 s: the rest takes three times as long.
    EXPECT_DOUBLE_EQ(estimate.seconds_left(half_done(), 6).value(), 18);
    LogText log;
    log.begin({"a", "b", "c", "d"});
    EXPECT_DOUBLE_EQ(estimate.seconds_left(log_of(log), 0).value(), 12) << "at once";
    // One that the earlier run did not have counts as much as the others on average.
    LogText other;
    other.begin({"a", "new"});
    EXPECT_DOUBLE_EQ(estimate.seconds_left(log_of(other), 0).value(), 4);
}

TEST(HostEstimate, AFinishedRunTakesNoLonger) {
    LogText log;
    log.begin({"a"}).scenario("a");
    EXPECT_DOUBLE_EQ(Estimate().seconds_left(log_of(log), 5).value(), 0);
}

TEST(HostEstimate, DurationsAreShort) {
    EXPECT_EQ(rough_duration(0.2), "1 s");
    EXPECT_EQ(rough_duration(99), "99 s");
    EXPECT_EQ(rough_duration(150), "3 min");
    EXPECT_EQ(rough_duration(7200), "2 h");
}

TEST(HostProgress, TheLineSaysHowMuchIsLeft) {
    EXPECT_EQ(progress_line(half_done(), 41), "[3/4, 41 s left] c 50 %");
    EXPECT_EQ(progress_line(half_done()), "[3/4] c 50 %");
}

class HostLive : public ::testing::Test {
  protected:
    std::ostringstream out_, err_;
    Console console_{out_, err_, 100, ProgressMode::kTerminal, nullptr, true};
};

TEST_F(HostLive, ATableIsShownOnceItsScenariosAreClosed) {
    // The whole timer workload, and a scenario of another after it.
    const std::string text = timer_log({{kNative, "wfi", "idle", 0, 90, 90, kNativeLayers}});
    LogParser parser;
    LiveTables tables(console_);
    std::size_t at = 0;
    std::size_t shown_at = 0;
    while (at < text.size()) {
        const std::size_t end = text.find('\n', at) + 1;
        parser.feed(std::string_view(text).substr(at, end - at));
        at = end;
        if (tables.has_news(parser.log())) {
            EXPECT_EQ(shown_at, 0u) << "twice";
            shown_at = parser.log().scenarios.size();
            tables.update(parser.log());
        }
    }
    EXPECT_EQ(shown_at, parser.log().begin->plan.size());
    EXPECT_TRUE(has(out_.str(), "Figure 7"));
    EXPECT_FALSE(has(out_.str(), "Figure 2"));
    EXPECT_EQ(out_.str().find("Figure 7"), out_.str().rfind("Figure 7"));
    EXPECT_FALSE(tables.shown().empty());
}

TEST_F(HostLive, WhereTheOutputIsNoTerminalNothingIsShownEarly) {
    console_.live = false;
    LogText log;
    log.begin({"timer a"}).scenario("timer a");
    LiveTables tables(console_);
    EXPECT_FALSE(tables.has_news(log_of(log)));
}

}  // namespace
}  // namespace hm::host::testing
