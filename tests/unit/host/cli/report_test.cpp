// Runs that are reported again.

#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

TEST_F(HostRun, ReportPrintsTheSameTablesAgain) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    const std::string hint = "`hypmeter report DIR` prints the layers of every row.\n";
    ASSERT_TRUE(out_.ends_with(hint));
    const std::string shown = out_.substr(0, out_.size() - hint.size());
    EXPECT_EQ(tool({"report", path("out").string()}), kAllOk);
    EXPECT_EQ(out_, shown);
    EXPECT_EQ(tool({"report", path("out").string(), "--format", "histogram"}), kAllOk);
    EXPECT_TRUE(has(out_, "134  900  ###"));
    EXPECT_EQ(tool({"report", path("out").string(), "--format", "json"}), kAllOk);
    EXPECT_EQ(out_, read("out/results.json"));
    EXPECT_EQ(tool({"report", path("out").string(), "--format", "cyclictest"}), kAllOk);
    EXPECT_TRUE(has(out_, "# Histogram\n"));
    EXPECT_EQ(tool({"report", path("out").string(), "--format", "lmbench"}), kAllOk);
    EXPECT_TRUE(has(out_, "\"stride=4096\n"));
}

TEST_F(HostRun, ReportDrawsPlotsIntoTheFolderOfTheRun) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    EXPECT_EQ(tool({"report", path("out").string(), "--format", "plots"}), kAllOk) << err_;
    EXPECT_EQ(out_, (path("out") / "figure5.svg").string() + "\n" +
                        (path("out") / "figure6.svg").string() + "\n");
    for (const char* file : {"out/figure5.svg", "out/figure6.svg"}) {
        EXPECT_TRUE(has(read(file), "delay from deadline to application (instructions)"));
        EXPECT_TRUE(has(read(file), "occurrences (logarithmic)"));
        EXPECT_TRUE(has(read(file), "</svg>"));
    }
    EXPECT_EQ(run("head -n 12 $D/log"), kFailed);
    EXPECT_EQ(tool({"report", path("out").string(), "--format", "plots"}), kFailed);
    EXPECT_EQ(err_, "hypmeter: the run has no rows for this format, and it failed\n");
}

TEST_F(HostRun, ReportRefusesAFormatThatTheRunHasNoRowsFor) {
    LogText log;
    log.begin({"hypercall null-fast nested/injected"});
    log.row("hypercall", kGuest, Json{{"path", "null-fast"}}, "hyp-instructions", 9);
    log.scenario("hypercall null-fast nested/injected").end();
    (void)write("one", log.text());
    EXPECT_EQ(run("cat $D/one"), kAllOk) << out_ << err_;
    for (const char* format : {"histogram", "plots", "cyclictest", "cyclictest-json", "lmbench"}) {
        EXPECT_EQ(tool({"report", path("out").string(), "--format", format}), kFailed) << format;
        EXPECT_EQ(out_, "") << format;
        EXPECT_EQ(err_, "hypmeter: the run has no rows for this format\n") << format;
    }
}

TEST_F(HostRun, ReportOfAFailedRunFails) {
    EXPECT_EQ(run("head -n 12 $D/log"), kFailed);
    EXPECT_EQ(tool({"report", path("out").string()}), kFailed);
    EXPECT_TRUE(has(out_, "FAILED log complete"));
}

TEST_F(HostRun, ReportRefusesWhatItCannotRead) {
    EXPECT_EQ(tool({"report", path("nowhere").string()}), kBadUsage);
    EXPECT_TRUE(has(err_, "cannot read"));
    std::filesystem::create_directory(path("out"));
    (void)write("out/results.json", "{\"schema\": 2}");
    EXPECT_EQ(tool({"report", path("out").string()}), kBadUsage);
    EXPECT_TRUE(has(err_, "schema is 2"));
    (void)write("out/results.json", "{");
    EXPECT_EQ(tool({"report", path("out").string()}), kBadUsage);
    EXPECT_TRUE(has(err_, "not JSON"));
}

}  // namespace
}  // namespace hm::host::testing
