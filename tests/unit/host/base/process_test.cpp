#include "host/base/process.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>

#include "tests/unit/host/base/scripts.hpp"

namespace hm::host::testing {
namespace {

using std::chrono::milliseconds;

constexpr ProcessLimits kShort{milliseconds(300), milliseconds(200)};
constexpr ProcessLimits kLong{milliseconds(20'000), milliseconds(200)};

class HostProcess : public ScriptTest {
  protected:
    ProcessEnd run(const std::string& body, const ProcessLimits& limits = kLong) {
        return run_process(
            {script("child", body), {"an argument", ""}}, limits,
            [this](std::string_view bytes) {
                output_ += bytes;
                if (on_output_) {
                    on_output_();
                }
            },
            [this](std::string_view bytes) { error_ += bytes; });
    }

    std::string output_, error_;
    std::function<void()> on_output_;
};

TEST_F(HostProcess, PassesOnOutputAndExitStatus) {
    const ProcessEnd end = run("echo \"$# $1\"; echo complaint >&2; exit 3");
    EXPECT_EQ(end.ending, Ending::kExited);
    EXPECT_EQ(end.code, 3);
    EXPECT_EQ(output_, "2 an argument\n");
    EXPECT_EQ(error_, "complaint\n");
    EXPECT_EQ(describe(end), "exit status 3");
}

TEST_F(HostProcess, LosesNothingOfALongOutput) {
    EXPECT_EQ(run("head -c 3000000 /dev/zero").code, 0);
    EXPECT_EQ(output_.size(), 3'000'000u);
}

TEST_F(HostProcess, PassesOnItsSideOutputAndDoesNotBlockIt) {
    std::string side;
    Command command{script("child", "head -c 300000 /dev/zero >&3; echo done"), {}};
    command.on_side_output = [&side](std::string_view bytes) { side += bytes; };
    const ProcessEnd end = run_process(
        command, kLong, [this](std::string_view bytes) { output_ += bytes; },
        [this](std::string_view bytes) { error_ += bytes; });
    EXPECT_EQ(end.ending, Ending::kExited);
    EXPECT_EQ(end.code, 0) << error_;
    EXPECT_EQ(output_, "done\n");
    EXPECT_EQ(side, std::string(300'000, '\0'));
}

TEST_F(HostProcess, IsNotWokenByEachPieceOfTheSideOutput) {
    constexpr std::size_t kPieces = 20'000;
    std::size_t bytes = 0;
    std::size_t times = 0;
    Command command{
        script("child", "i=0; while [ $i -lt 20000 ]; do printf x >&3; i=$((i+1)); done"), {}};
    command.on_side_output = [&](std::string_view more) {
        bytes += more.size();
        ++times;
    };
    const auto ignore = [](std::string_view) {};
    EXPECT_EQ(run_process(command, kLong, ignore, ignore).ending, Ending::kExited);
    EXPECT_EQ(bytes, kPieces);
    EXPECT_LT(times, kPieces / 10);
}

TEST_F(HostProcess, WithASideOutputItStillSaysWhyItCannotStart) {
    Command command{path("none").string(), {}};
    command.on_side_output = [](std::string_view) {};
    const Process process(command, kLong);
    EXPECT_EQ(process.start_error(), ENOENT);
}

TEST_F(HostProcess, ReadsFromAnEmptyInput) {
    EXPECT_EQ(run("cat; echo read").code, 0);
    EXPECT_EQ(output_, "read\n");
}

TEST_F(HostProcess, TellsASignalFromAnExit) {
    const ProcessEnd end = run("echo here; kill -9 $$");
    EXPECT_EQ(end.ending, Ending::kSignalled);
    EXPECT_EQ(end.code, SIGKILL);
    EXPECT_EQ(describe(end), "killed by signal 9 (Killed)");
}

TEST_F(HostProcess, TheTimeLimitEndsIt) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run("echo $$ >$D/pid; exec sleep 60", kShort).ending, Ending::kTimeLimit);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_TRUE(ended("pid"));
}

TEST_F(HostProcess, WhatIgnoresSigtermIsKilled) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run("trap '' TERM; echo $$ >$D/pid; while :; do sleep 0.1; done", kShort).ending,
              Ending::kTimeLimit);
    EXPECT_GE(std::chrono::steady_clock::now() - start, kShort.time + kShort.grace);
    EXPECT_TRUE(ended("pid"));
}

/// The end of a child whose work is done once it has said anything.
ProcessEnd finish(const std::string& script, int signal) {
    Process process({script, {}}, {milliseconds(20'000), milliseconds(200)});
    bool spoke = false;
    const auto ignore = [](std::string_view) {};
    const auto listen = [&spoke](std::string_view) { spoke = true; };
    while (process.read(listen, ignore)) {
        if (spoke) {
            process.finish(signal, milliseconds(300));
        }
    }
    return process.end(ignore, ignore);
}

TEST_F(HostProcess, WhoseWorkIsDoneIsKilledAfterAGrace) {
    const auto start = std::chrono::steady_clock::now();
    const ProcessEnd end =
        finish(script("child", "trap '' INT; echo $$ >$D/pid; echo done; exec sleep 60"), SIGINT);
    EXPECT_EQ(end.ending, Ending::kDone);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_TRUE(ended("pid"));
}

TEST_F(HostProcess, WhoseWorkIsDoneMayEndWithAStatusThatCounts) {
    const ProcessEnd end = finish(
        script("child", "trap 'exit 3' INT; echo done; while :; do sleep 0.02; done"), SIGINT);
    EXPECT_EQ(describe(end), "exit status 3");
    EXPECT_EQ(describe(finish(script("child", "echo done; sleep 0.1; kill -11 $$"), 0)),
              "killed by signal 11 (Segmentation fault)");
}

TEST_F(HostProcess, AChildHeedsWhatThisProgramIgnores) {
    const auto before = ::signal(SIGINT, SIG_IGN);
    const ProcessEnd end = finish(
        script("child", "trap 'exit 3' INT; echo done; while :; do sleep 0.02; done"), SIGINT);
    (void)::signal(SIGINT, before);
    EXPECT_EQ(describe(end), "exit status 3");
}

TEST_F(HostProcess, WhatIsAskedToEndMayStillSaySomething) {
    EXPECT_EQ(run("trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", kShort).ending,
              Ending::kTimeLimit);
    EXPECT_EQ(output_, "bye\n");
}

TEST_F(HostProcess, WhatTheChildStartedEndsWithIt) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run("sleep 60 & echo $! >$D/pid; exit 0").ending, Ending::kExited);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_TRUE(ended("pid"));
}

TEST_F(HostProcess, AnInterruptOfTheToolEndsTheChildFirst) {
    for (const int number : {SIGINT, SIGTERM}) {
        on_output_ = [number] { (void)::raise(number); };
        const ProcessEnd end = run("echo $$ >$D/pid; echo up; exec sleep 60");
        EXPECT_EQ(end.ending, Ending::kInterrupted);
        EXPECT_EQ(end.code, number);
        EXPECT_TRUE(ended("pid"));
    }
}

TEST_F(HostProcess, TheChildDiesWithTheToolEvenWhenThatIsKilled) {
    const pid_t tool = ::fork();
    ASSERT_GE(tool, 0);
    if (tool == 0) {
        (void)run("echo $$ >$D/part; mv $D/part $D/pid; exec sleep 60");
        ::_exit(0);
    }
    for (int tries = 0; tries < 500 && read("pid").empty(); ++tries) {
        ::usleep(10'000);
    }
    ASSERT_EQ(::kill(tool, SIGKILL), 0);
    ASSERT_EQ(::waitpid(tool, nullptr, 0), tool);
    EXPECT_TRUE(ended("pid"));
}

TEST_F(HostProcess, WhatCannotStartSaysWhy) {
    const ProcessEnd end = run_process(
        {path("nothing").string(), {}}, kLong, [](std::string_view) {}, [](std::string_view) {});
    EXPECT_EQ(end.ending, Ending::kNotStarted);
    EXPECT_EQ(end.code, ENOENT);
    EXPECT_EQ(describe(end), "not started: No such file or directory");
}

TEST_F(HostProcess, ProgramsAreFoundByNameAndByPath) {
    EXPECT_EQ(find_program("sh").substr(0, 1), "/");
    EXPECT_EQ(find_program("no-such-program-here"), "");
    EXPECT_EQ(find_program(""), "");
    const std::string tool = script("tool", "exit 0");
    EXPECT_EQ(find_program(tool), tool);
    EXPECT_EQ(find_program(tool + "x"), "");
}

TEST_F(HostProcess, KnowsForHowLongItGotNoProcessor) {
    if (std::ifstream stat("/proc/self/schedstat"); !stat) {
        GTEST_SKIP() << "this kernel does not say";
    }
    // Three share one processor: each waits for two thirds of the time.
    const std::string spin = script("spin", "while :; do :; done");
    const std::string one = "taskset -c $(taskset -cp $$ | sed 's/.*: //; s/[,-].*//') ";
    const auto ignore = [](std::string_view) {};
    Process process(
        {script("busy", "for i in 1 2; do " + one + spin + " & done; exec " + one + spin), {}},
        {std::chrono::seconds(2), milliseconds(100)});
    milliseconds starved{};
    while (process.read(ignore, ignore)) {
        starved = std::max(starved, process.starved());
    }
    (void)process.end(ignore, ignore);
    EXPECT_GT(starved, milliseconds(500));
    Process idle({script("idle", "exec sleep 1"), {}}, kLong);
    while (idle.read(ignore, ignore)) {
        starved = idle.starved();
    }
    (void)idle.end(ignore, ignore);
    EXPECT_LT(starved, milliseconds(500));
}

}  // namespace
}  // namespace hm::host::testing
