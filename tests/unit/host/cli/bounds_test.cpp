// Machines that say too much, too little, or nothing of use; and names that would mislead them.

#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

TEST_F(HostRun, AnEmulatorThatBabblesIsEndedAndItsLogIsBounded) {
    EXPECT_EQ(run("echo $$ >$D/pid; head -n 12 $D/log\n"
                  "exec yes \"$(head -c 4000 /dev/zero | tr '\\0' x)\""),
              kFailed);
    EXPECT_TRUE(ended("pid"));
    EXPECT_TRUE(has(err_, "the run failed: given up: it said more than 64 MB"));
    EXPECT_TRUE(has(failures(), "log of a sane size: given up"));
    EXPECT_LE(std::filesystem::file_size(path("out/uart.log")), std::uintmax_t{64} << 20);
    // What it said before counts.
    EXPECT_GE(recorded().rows.size(), 6u);
}

TEST_F(HostRun, AnEmulatorThatComplainsWithoutEndIsEnded) {
    EXPECT_EQ(run("echo $$ >$D/pid; head -n 12 $D/log; echo x >>$D/starts\n"
                  "head -c 17000000 /dev/zero | tr '\\0' x >$D/out/qemu.log.part; exec sleep 60"),
              kFailed);
    EXPECT_TRUE(ended("pid"));
    EXPECT_TRUE(has(err_, "QEMU: given up, QEMU complained of more than 16 MB: see qemu.log"));
    EXPECT_EQ(read("starts"), "x\n") << "another machine would complain as much";
    EXPECT_LT(failures().size(), 4000u);
}

TEST_F(HostRun, WordsThatAreNoRecordsAreNoProgress) {
    EXPECT_EQ(
        run("echo $$ >$D/pid; while :; do echo words; sleep 0.1; done", {"--stall-limit", "1"}),
        kFailed);
    EXPECT_TRUE(ended("pid"));
    EXPECT_TRUE(has(err_, "no record came for 1 s (--stall-limit)"));
}

TEST_F(HostRun, SeveralMachinesOfWhichNoneSaysARecordAreGivenUp) {
    EXPECT_EQ(
        run("while :; do echo words; sleep 0.1; done", {"--stall-limit", "1", "--machines", "2"}),
        kFailed);
    EXPECT_TRUE(has(err_, "no record came for 1 s (--stall-limit)"));
    EXPECT_TRUE(has(failures(), "no begin record"));
}

TEST_F(HostRun, AMachineThatMakesProgressMayTakeItsTime) {
    // 2.4 s in all, and never one without a record.
    EXPECT_EQ(run("head -n 10 $D/log; sleep 0.8; sed -n 11,20p $D/log; sleep 0.8\n"
                  "sed -n 21,30p $D/log; sleep 0.8; tail -n +31 $D/log",
                  {"--stall-limit", "1"}),
              kAllOk)
        << err_;
}

TEST_F(HostRun, AQemuThatNobodyTriedIsWarnedOf) {
    const std::string other =
        script("other",
               "[ \"$1\" = --version ] && echo QEMU emulator version 6.0.0 && exit\n"
               "[ \"$1\" = -sandbox ] && exit 0\ncat $D/log");
    EXPECT_EQ(tool({"run", "--qemu", other, "--out", path("out").string()}), kAllOk) << err_;
    EXPECT_TRUE(has(err_, "hypmeter: QEMU 6.0 is older than any that hypmeter was tried with"));
    EXPECT_TRUE(has(recorded().host, "QEMU emulator version 6.0.0"));
}

TEST_F(HostRun, AnyNameOfAFolderWillDo) {
    for (const char* const name : {"it's 100%", "%d", "a \"b\", c", "\xc3\xa9 $HOME"}) {
        const std::string out = path(name).string();
        // Like QEMU, it writes its log to the file that follows -D.
        const std::string body =
            "while [ \"$1\" != -D ]; do shift; done\n"
            "case \"$2\" in *%*) echo bad name >&2; exit 1;; esac\n"
            "[ -d \"$(dirname \"$2\")\" ] || exit 2\n: >\"$2\"; cat $D/log";
        EXPECT_EQ(tool({"run", "--qemu", qemu(body), "--out", out}), kAllOk) << name << err_;
        EXPECT_TRUE(std::filesystem::exists(path(name) / "qemu.log")) << name;
        EXPECT_EQ(tool({"report", out}), kAllOk) << name;
        EXPECT_EQ(tool({"report", out, "--format", "plots"}), kAllOk) << name << err_;
        EXPECT_TRUE(std::filesystem::exists(path(name) / "figure5.svg")) << name;
    }
}

}  // namespace
}  // namespace hm::host::testing
