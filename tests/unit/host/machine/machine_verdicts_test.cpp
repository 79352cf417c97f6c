#include "host/machine/machine_verdicts.hpp"

#include <gtest/gtest.h>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

TEST(HostMachineVerdicts, TheClockMustBeTheOneThatWasAskedFor) {
    const auto clock = [](const std::string& says, ClockSource asked) {
        return judge_clock(parse_log(LogText().begin({}, Json{{"clock", says}}).end().text()),
                           asked);
    };
    EXPECT_TRUE(clock("instructions", ClockSource::kInstructions)->ok);
    EXPECT_TRUE(clock("emulator", ClockSource::kWall)->ok);
    EXPECT_FALSE(clock("instructions", ClockSource::kWall)->ok);
    const Verdict without = clock("emulator", ClockSource::kInstructions).value_or(Verdict{});
    EXPECT_FALSE(without.ok);
    EXPECT_TRUE(has(without.detail, "this emulator runs without icount: "));
    EXPECT_EQ(judge_clock(parse_log(""), ClockSource::kWall), std::nullopt);
}

TEST(HostMachineVerdicts, QemuMayNotComplain) {
    EXPECT_TRUE(judge_complaints("").ok);
    const Verdict verdict = judge_complaints("first\nsecond\n");
    EXPECT_FALSE(verdict.ok);
    EXPECT_EQ(verdict.detail, "2 lines, the first: first");
    EXPECT_EQ(judge_complaints("cut").detail, "1 lines, the first: cut");
}

TEST(HostMachineVerdicts, QemuMayComplainOfItsOwnMachineInItsOwnWords) {
    EXPECT_TRUE(judge_complaints("mine\nmine\n", "mine").ok);
    EXPECT_FALSE(judge_complaints("mine\n\n", "mine").ok);
    const Verdict verdict = judge_complaints("mine\nmine, and more\nmine\nyours\n", "mine");
    EXPECT_FALSE(verdict.ok);
    EXPECT_EQ(verdict.detail, "2 lines, the first: mine, and more");
}

TEST(HostMachineVerdicts, AMachineEndsWellOnlyAfterItsLastRecord) {
    const RunLog whole = parse_log(LogText().begin({}, Json::object()).end().text());
    const RunLog cut = parse_log(LogText().begin({}, Json::object()).text());
    const auto ok = [](const ProcessEnd& end, const RunLog& log) {
        return judge_end(end, log, RunOptions{}).ok;
    };
    for (const ProcessEnd& end : {ProcessEnd{Ending::kExited, 0}, ProcessEnd{Ending::kDone, 0}}) {
        EXPECT_TRUE(ok(end, whole));
        EXPECT_FALSE(ok(end, cut));
    }
    for (const ProcessEnd& end :
         {ProcessEnd{Ending::kExited, 1}, ProcessEnd{Ending::kSignalled, 11},
          ProcessEnd{Ending::kTimeLimit, 0}, ProcessEnd{Ending::kInterrupted, 15}}) {
        EXPECT_FALSE(ok(end, whole));
    }
    EXPECT_TRUE(has(judge_end({Ending::kExited, 0}, cut, RunOptions{}).detail,
                    "exit status 0, before its end record, after record 0"));
}

}  // namespace
}  // namespace hm::host::testing
