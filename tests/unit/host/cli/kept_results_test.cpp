// What becomes of an earlier run's files, and of the files of a run that does not end.

#include <fstream>

#include "host/base/folder_lock.hpp"
#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

/// Twelve lines of the log, and then what Ctrl-C does.
constexpr const char* kInterrupted = "head -n 12 $D/log; kill -INT $PPID; exec sleep 20";

TEST_F(HostRun, ASecondRunInTheSameFolderIsRefused) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    const std::string before = read("out/results.json");
    FolderLock other;
    ASSERT_TRUE(other.take(path("out")));
    EXPECT_EQ(run("echo x >$D/started; cat $D/log"), kBadUsage);
    EXPECT_EQ(err_, "hypmeter: another run writes to \"" + path("out").string() +
                        "\": wait for its end, or name another folder with --out\n");
    EXPECT_FALSE(std::filesystem::exists(path("started")));
    EXPECT_EQ(read("out/results.json"), before);
    EXPECT_EQ(read("out/uart.log"), good_log());
    EXPECT_FALSE(std::filesystem::exists(path("out/uart.log.part")));
}

TEST_F(HostRun, ARunLocksItsFolder) {
    // Also one that it has just made.
    EXPECT_EQ(run("flock -n $D/out true && echo free >$D/lock; cat $D/log"), kAllOk);
    EXPECT_FALSE(std::filesystem::exists(path("lock")));
    FolderLock after;
    EXPECT_TRUE(after.take(path("out")));
}

TEST_F(HostRun, AnInterruptedRunLeavesEarlierGoodResultsAsTheyWere) {
    EXPECT_EQ(run("cat $D/log; echo 1 >&2"), kAllOk);
    const std::string results = read("out/results.json");
    EXPECT_EQ(run(kInterrupted), kFailed);
    EXPECT_TRUE(has(err_, "the results of the earlier run in \"" + path("out").string() +
                              "\" are as they were"));
    EXPECT_TRUE(has(err_, "signal 2 (Interrupt)"));
    EXPECT_EQ(read("out/results.json"), results);
    EXPECT_EQ(read("out/uart.log"), good_log());
    // The folder is that of the earlier run, and the interrupted one can be had too.
    EXPECT_EQ(tool({"report", path("out").string()}), kAllOk);
    EXPECT_TRUE(has(err_, "has not ended, or was interrupted"));
    EXPECT_EQ(tool({"report", path("out/results.json.part").string()}), kFailed);
    EXPECT_TRUE(has(out_, "FAILED log complete"));
    // The next whole run takes the place of both.
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    EXPECT_FALSE(std::filesystem::exists(path("out/results.json.part")));
    EXPECT_FALSE(std::filesystem::exists(path("out/uart.log.part")));
}

TEST_F(HostRun, AnInterruptedRunIsRecordedWhereThereIsNothingBetter) {
    EXPECT_EQ(run(kInterrupted), kFailed);
    EXPECT_TRUE(has(failures(), "log complete"));
    EXPECT_EQ(run(kInterrupted), kFailed);
    EXPECT_FALSE(std::filesystem::exists(path("out/results.json.part")));
}

TEST_F(HostRun, TheLogOfARunThatWasKilledCanBeReported) {
    std::filesystem::create_directory(path("out"));
    const std::string log = good_log();
    (void)write("out/uart.log.part", log.substr(0, log.rfind('\n', log.size() * 2 / 3) + 1));
    EXPECT_EQ(tool({"report", path("out").string()}), kFailed);
    EXPECT_TRUE(has(err_, "this is what there is of it"));
    EXPECT_TRUE(has(out_, "Figure 2"));
    EXPECT_TRUE(has(out_, "FAILED log complete: no end record"));
    (void)write("whole.log", log);
    EXPECT_EQ(tool({"report", path("whole.log").string()}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "Figure 7"));
    EXPECT_EQ(tool({"report", write("other", "words\n").string()}), kBadUsage);
    EXPECT_TRUE(has(err_, "neither a results file nor a log"));
}

TEST_F(HostRun, AFullDiskIsNamedAndLeavesEarlierResults) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    const std::string results = read("out/results.json");
    for (const char* const file : {"out/results.json.part", "out/uart.log.part"}) {
        std::filesystem::create_symlink("/dev/full", path(file));
        EXPECT_EQ(run("cat $D/log"), kFailed) << file;
        EXPECT_TRUE(has(err_, "cannot write the results to \"" + path("out").string() +
                                  "\": No space left on device"));
        EXPECT_EQ(read("out/results.json"), results);
        EXPECT_EQ(read("out/uart.log"), good_log());
        std::filesystem::remove(path("out/results.json.part"));
        std::filesystem::remove(path("out/uart.log.part"));
    }
}

TEST_F(HostRun, OutputThatCannotBeWrittenFails) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    const std::vector<std::vector<std::string>> commands{
        {"report", path("out").string()}, {"list"}, {"--help"}};
    for (const std::vector<std::string>& words : commands) {
        std::ofstream full("/dev/full");
        std::ostringstream err;
        EXPECT_EQ(main_command(words, path("builds"), {full, err, 80, mode_}), kFailed);
        EXPECT_EQ(err.str(), "hypmeter: cannot write the output: No space left on device\n");
    }
}

TEST_F(HostRun, NoControlByteReachesTheTerminal) {
    EXPECT_EQ(run("printf '\\033]0;mine\\007 no such machine\\n' >&2; exit 1"), kFailed);
    EXPECT_TRUE(has(err_, "?]0;mine? no such machine"));
    EXPECT_EQ(tool({"run", "--board", "\x1b[2J"}), kBadUsage);
    EXPECT_TRUE(has(err_, "unknown board \"?[2J\""));
    mode_ = ProgressMode::kTerminal;
    (void)write("log", LogText().begin({"a \x1b[2J"}).scenario("a \x1b[2J").end().text());
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    EXPECT_EQ(err_.find("\x1b[2J"), std::string::npos);
    EXPECT_TRUE(has(err_, "\r\x1b[K"));
}

}  // namespace
}  // namespace hm::host::testing
