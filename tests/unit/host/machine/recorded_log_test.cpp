// A recorded log as a machine: what it gives to the run, and what it refuses.

#include "host/machine/recorded_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "host/base/temporary_folder.hpp"
#include "host/cli/options.hpp"
#include "host/machine/drive.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::test {
namespace {

using namespace host;
using namespace host::testing;

/// One run of a log, with what was said and its exit status.
struct OfLog {
    int status = 0;
    std::string out, err;

    OfLog(const std::string& where, const std::string& board) {
        std::ostringstream said, complained;
        const Console console{said, complained, 80, ProgressMode::kQuiet};
        RunOptions options;
        options.board = find_board(board);
        options.machine = *parse_machine("log:" + where, machines());
        options.out = folder.path() / "out";
        options.time_limit = kRecordedLog.time_limit;
        status = drive(options, console);
        out = said.str();
        err = complained.str();
    }

    static std::string write(const std::string& text) {
        const std::string file = folder.path() / "log";
        std::ofstream(file) << text;
        return file;
    }

    static inline const TemporaryFolder folder;
};

TEST(HostRecordedLog, GivesTheResultsOfTheRunThatWroteIt) {
    const OfLog run(OfLog::write(good_log()), "virt");
    EXPECT_EQ(run.status, kAllOk) << run.out << run.err;
    EXPECT_TRUE(std::filesystem::is_regular_file(OfLog::folder.path() / "out" / "results.json"));
}

TEST(HostRecordedLog, OfAnotherBoardIsAFailure) {
    const OfLog run(OfLog::write(good_log()), "vexpress");
    EXPECT_EQ(run.status, kFailed);
    EXPECT_TRUE(has(run.out, "it is of board virt"));
}

TEST(HostRecordedLog, WithoutItsEndIsAFailure) {
    const std::string text = good_log();
    const OfLog run(OfLog::write(text.substr(0, text.find(R"("record":"end")"))), "virt");
    EXPECT_EQ(run.status, kFailed);
    EXPECT_TRUE(has(run.err, "read to its end"));
}

TEST(HostRecordedLog, ThatCannotBeReadIsRefused) {
    EXPECT_TRUE(has(OfLog("/nonexistent", "virt").err, "No such file"));
    EXPECT_TRUE(has(OfLog("/", "virt").err, "Is a directory"));
    EXPECT_TRUE(has(OfLog("/dev/null", "virt").err, "nothing came"));
    EXPECT_EQ(OfLog("/dev/null", "virt").status, kFailed);
}

}  // namespace
}  // namespace hm::test
