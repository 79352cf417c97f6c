// Runs that a second machine goes on with.

#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

/// A plan of three, of which the second scenario never ends.
class HostRunOfTwoMachines : public HostRun {
  protected:
    HostRunOfTwoMachines() {
        const std::vector<std::string> plan{"a nested/injected", "b nested/injected",
                                            "c nested/injected"};
        LogText first;
        first.begin(plan).scenario(plan[0]);
        first.row("chase", kGuest, Json::object(), "read", 2);
        (void)write("first", first.text() + "@hypmeter {\"seq\":3,");
        LogText rest;
        rest.begin({plan[2]}).scenario(plan[2]).end();
        (void)write("rest", rest.text());
    }

    /// The first machine says its part, and then does this.
    int run_first(const std::string& then, std::vector<std::string> more = {}) {
        return run("case \"$*\" in *from=2*) cat $D/rest;; *) cat $D/first; " + then + ";; esac",
                   std::move(more));
    }

    /// The run has lost the second scenario, and nothing else.
    void expect_one_lost(const std::string& why) {
        const std::string detail = why + "; the rest of the plan went to a new machine";
        EXPECT_EQ(failures(), "scenario b nested/injected: " + detail + "\n");
        EXPECT_TRUE(has(err_, "[2/3] b nested/injected: not ok, " + detail + "\n[3/3] c"));
        EXPECT_TRUE(has(err_, "the run failed: scenario \"b nested/injected\": " + detail + "\n"));
        EXPECT_EQ(read("out/uart.log"), read("first") + "\n" + read("rest"));
        EXPECT_EQ(Json::parse(recorded().host)["new_machines"], 1);
        EXPECT_TRUE(recorded().rows.empty());
    }
};

TEST_F(HostRunOfTwoMachines, AClockThatStandsStillCostsOneScenario) {
    EXPECT_EQ(run_first("echo $$ >$D/pid; head -c 200000 /dev/zero >&3; sleep 60"), kFailed);
    expect_one_lost("its machine hung: one exception followed another, and no instruction");
    EXPECT_TRUE(ended("pid"));
}

TEST_F(HostRunOfTwoMachines, SilenceCostsOneScenario) {
    EXPECT_EQ(run_first("sleep 60", {"--time-limit", "40"}), kFailed);
    expect_one_lost("its machine hung: no record came for 10 s (--stall-limit)");
}

TEST_F(HostRunOfTwoMachines, AMachineThatEndsEarlyCostsOneScenario) {
    EXPECT_EQ(run_first("kill -9 $$"), kFailed);
    expect_one_lost("its machine ended: killed by signal 9 (Killed)");
    EXPECT_EQ(run_first("exit 3"), kFailed);
    expect_one_lost("its machine ended: exit status 3");
}

TEST_F(HostRunOfTwoMachines, WhatEachMachineComplainsOfIsKept) {
    EXPECT_EQ(run("case \"$*\" in *from=2*) echo second >$D/out/qemu.log.part; cat $D/rest;;"
                  " *) echo first >$D/out/qemu.log.part; cat $D/first; exit 3;; esac"),
              kFailed);
    EXPECT_EQ(read("out/qemu.log"), "first\nsecond\n");
    EXPECT_TRUE(has(failures(), "qemu complaints: 2 lines, the first: first"));
}

TEST_F(HostRunOfTwoMachines, TheTimeLimitIsThatOfAllMachines) {
    EXPECT_EQ(run("case \"$*\" in *from=2*) sleep 60;; *) cat $D/first; sleep 2; exit 3;; esac",
                  {"--time-limit", "3"}),
              kFailed);
    // A limit of its own would let the second one run until 5 s.
    EXPECT_LT(Json::parse(recorded().host)["seconds"].get<double>(), 4.5);
    EXPECT_TRUE(has(failures(), "time limit of 3 s"));
    EXPECT_TRUE(has(failures(), "log complete: no end record"));
}

TEST_F(HostRunOfTwoMachines, AMachineThatDoesNotBeginIsNotTriedAgain) {
    EXPECT_EQ(run("echo x >>$D/starts; case \"$*\" in *from=2*) exit 4;;"
                  " *) cat $D/first; exit 3;; esac"),
              kFailed);
    EXPECT_EQ(read("starts"), "x\nx\n");
    EXPECT_TRUE(has(failures(), "log complete: no end record"));
    EXPECT_TRUE(has(failures(), "(and 1 more)"));
}

TEST_F(HostRunOfTwoMachines, AfterANativeGuestThatMisbehavedTheMachineIsNotUsedAgain) {
    LogText first;
    first.begin({"a native/native", "b nested/injected", "c nested/injected"})
        .scenario("a native/native", Json{{"ok", false}, {"detail", "lost its way"}})
        .scenario("b nested/injected", Json{{"detail", "of a spoilt machine"}});
    (void)write("first", first.text());
    LogText rest;
    rest.begin({"b nested/injected", "c nested/injected"})
        .scenario("b nested/injected")
        .scenario("c nested/injected")
        .end();
    (void)write("rest", rest.text());
    EXPECT_EQ(run("case \"$*\" in *from=1*) cat $D/rest;;"
                  " *) echo $$ >$D/pid; cat $D/first; sleep 60;; esac"),
              kFailed);
    EXPECT_EQ(failures(),
              "scenario a native/native: lost its way; the rest of the plan went to a new "
              "machine\n");
    EXPECT_FALSE(has(read("out/results.json"), "spoilt"));
    // It was ended at once, not when it had been silent for long.
    EXPECT_LT(Json::parse(recorded().host)["seconds"].get<double>(), 20);
    EXPECT_TRUE(ended("pid"));
}

}  // namespace
}  // namespace hm::host::testing
