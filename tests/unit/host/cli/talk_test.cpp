// How much a run says of itself.

#include <set>
#include <sstream>

#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

TEST_F(HostRun, AQuietRunOnlySaysWhatFailed) {
    EXPECT_EQ(run("cat $D/log", {"--quiet"}), kAllOk);
    EXPECT_EQ(out_ + err_, "");
    EXPECT_TRUE(recorded().ok());
    EXPECT_EQ(run("sed 's/812/813/' $D/log", {"--quiet"}), kFailed);
    EXPECT_TRUE(has(out_, "FAILED"));
    EXPECT_TRUE(has(err_, "the run failed"));
    EXPECT_FALSE(has(err_, "[1/10]"));
}

TEST_F(HostRun, AVerboseRunSaysHowTheMachineIsStartedAndShowsEveryLayer) {
    EXPECT_EQ(run("cat $D/log", {"--verbose"}), kAllOk);
    EXPECT_TRUE(has(err_, "-append suite=quick"));
    const std::string verbose = out_;
    EXPECT_EQ(tool({"report", path("out").string()}), kAllOk);
    EXPECT_EQ(out_, verbose);
    EXPECT_EQ(run("cat $D/log", {"--verbose", "--quiet"}), kBadUsage);
}

TEST_F(HostRun, OnATerminalEachTableIsPrintedOnce) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    const std::string after = out_;
    mode_ = ProgressMode::kTerminal;
    live_ = true;
    EXPECT_EQ(run("cat $D/log; sleep 0.3"), kAllOk);
    for (const char* const title : {"Figure 2", "Figure 7"}) {
        ASSERT_TRUE(has(out_, title));
        EXPECT_EQ(out_.find(title), out_.rfind(title)) << title;
    }
    // The same lines, in another order.
    const auto lines_of = [](const std::string& text) {
        std::istringstream stream(text);
        std::multiset<std::string> lines;
        for (std::string line; std::getline(stream, line);) {
            if (!line.empty()) {
                lines.insert(line);
            }
        }
        return lines;
    };
    EXPECT_EQ(lines_of(out_), lines_of(after));
}

TEST_F(HostRun, ErrorsAreRedOnlyWhereColourIsWelcome) {
    EXPECT_EQ(tool({"run", "--qemu", "no-such-qemu"}), kFailed);
    EXPECT_TRUE(err_.starts_with("hypmeter: cannot start QEMU"));
    colour_ = true;
    EXPECT_EQ(tool({"run", "--qemu", "no-such-qemu"}), kFailed);
    EXPECT_TRUE(err_.starts_with("\x1b[1;31mhypmeter:\x1b[0m cannot start QEMU"));
}

TEST_F(HostRun, WhatScenariosTookIsKept) {
    EXPECT_EQ(run("head -n 12 $D/log; sleep 0.5; tail -n +13 $D/log"), kAllOk) << err_;
    const Json seconds = Json::parse(recorded().host)["scenario_seconds"];
    ASSERT_EQ(seconds.size(), 10u);
    double sum = 0;
    for (const Json& pair : seconds) {
        sum += pair[1].get<double>();
    }
    EXPECT_GE(sum, 0.5);
    // The third is the first that closes after the pause.
    EXPECT_GE(seconds[2][1].get<double>(), 0.4);
}

}  // namespace
}  // namespace hm::host::testing
