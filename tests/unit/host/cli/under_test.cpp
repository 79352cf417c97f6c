// Runs of the guest that comes alone, from their words to their exit status.

#include <set>

#include "host/alone/serial_machine.hpp"
#include "host/machine/planned.hpp"
#include "tests/unit/host/cli/parsed.hpp"
#include "tests/unit/host/cli/tool_runs.hpp"
#include "tests/unit/host/log/cut_log.hpp"

namespace hm::host::testing {
namespace {

std::string line_of(std::vector<std::string> words) { return refusal_of(std::move(words)).line; }

TEST(HostUnder, NamesWhatIsBelowTheGuest) {
    const RunOptions native = run_of({"run", "--under", "native", "--only", "timer,exits"});
    EXPECT_EQ(native.image, "builds/virt/hypmeter-alone");
    EXPECT_EQ(target_command_line(native),
              "under=native clock=counter suite=quick only=timer,exits");
    EXPECT_EQ(native.board->qemu.name, "virt,gic-version=2");
    EXPECT_TRUE(native.golden.empty());
    const RunOptions xen = run_of({"run", "--under", "xen", "--image", "mine", "--set", "count=5"});
    EXPECT_EQ(xen.image, "mine");
    EXPECT_EQ(xen.under.hypervisor, "builds/xen/xen");
    EXPECT_EQ(target_command_line(xen), "under=xen clock=counter suite=quick count=5");
    const RunOptions monitor = run_of({"run", "--under", "monitor"});
    EXPECT_EQ(monitor.under.hypervisor, "builds/virt/hypmeter-virt-foreign.elf");
}

TEST(HostUnder, ABoardsUBootStartsItNatively) {
    const RunOptions board = run_of({"run", "--under", "serial:/dev/ttyS0", "--prompt", "=>"});
    EXPECT_EQ(target_command_line(board), "under=board clock=counter suite=quick");
    EXPECT_EQ(board.machine.where, "/dev/ttyS0");
    EXPECT_EQ(board.serial.load, LoadWay::kYmodem);
    EXPECT_EQ(board.serial.prompt, "=>");
}

TEST(HostUnder, TheImageGoesWhereUBootPutsKernels) {
    EXPECT_EQ(address_in_environment("kernel_addr_r=0x40400000\r\n"), 0x40400000U);
    EXPECT_EQ(address_in_environment("kernel_addr_r=42000000"), 0x42000000U);
    for (const char* const said :
         {"", "## Error: \"kernel_addr_r\" not defined", "kernel_addr_r=", "kernel_addr_r=0x0",
          "kernel_addr_r=0x40400800", "kernel_addr_r=0x140400000", "kernel_addr_r=0x40400000 x"}) {
        EXPECT_EQ(address_in_environment(said), std::nullopt) << said;
    }
}

TEST(HostUnder, TheMonitorsOwnRunsAreAsTheyWere) {
    EXPECT_EQ(target_command_line(run_of({"run"})), "suite=quick");
}

TEST(HostUnder, RefusesWhatMakesNoSense) {
    EXPECT_EQ(line_of({"run", "--under", "kvm"}), "unknown word \"kvm\" in --under");
    EXPECT_EQ(refusal_of({"run", "--under", "kvm"}).valid,
              "--under takes native, monitor, xen, qemu-args:FILE, serial:DEVICE\n");
    EXPECT_EQ(line_of({"run", "--under", "qemu-args:"}), "unknown word \"qemu-args:\" in --under");
    for (const std::vector<std::string>& given :
         std::vector<std::vector<std::string>>{{"--board", "virt"},
                                               {"--machine", "qemu"},
                                               {"--entry", "hyp"},
                                               {"--golden", "none"},
                                               {"--machines", "2"},
                                               {"--resume"}}) {
        std::vector<std::string> words{"run", "--under", "native"};
        words.insert(words.end(), given.begin(), given.end());
        EXPECT_EQ(line_of(words), given.front() + " has no effect with --under native");
    }
    EXPECT_EQ(line_of({"run", "--under", "native", "--only", "boot"}),
              "workload \"boot\" needs hypmeter's monitor, and --under runs without it");
    EXPECT_EQ(line_of({"run", "--under", "native", "--set", "delivery=injected"}),
              "key \"delivery\" has no effect with --under");
    EXPECT_EQ(line_of({"run", "--under", "serial:/dev/ttyS0", "--clock", "wall"}),
              "--clock is for QEMU, and a board runs the guest");
    EXPECT_EQ(line_of({"run", "--under", "serial:/dev/ttyS0", "--speed", "7"}),
              "no serial port runs at 7 bits per second");
    EXPECT_EQ(line_of({"run", "--under", "native", "--speed", "9600"}),
              "--speed has no effect with --under native");
    EXPECT_TRUE(has(line_of({"run", "--under", "xen", "--set", "smp=2"}), "runs on one core"));
    EXPECT_TRUE(
        has(line_of({"run", "--under", "qemu-args:no-such-file"}), "cannot read \"no-such-file\""));
}

/// The scenarios that a run picks, by their names.
std::vector<std::string> picked(const RunOptions& run) {
    std::vector<std::string> names;
    const std::vector<PlannedScenario> all = planned(run);
    for (const std::size_t place : run.pick) {
        names.push_back(all.at(place).name);
    }
    return names;
}

TEST(HostUnder, AFilterPicksScenariosOfTheGuestsOwnPlan) {
    const RunOptions run =
        run_of({"run", "--under", "native", "--filter", "^exits exit=(wfi|psci-version) "});
    EXPECT_EQ(picked(run), (std::vector<std::string>{"exits exit=psci-version alone/alone",
                                                     "exits exit=wfi alone/alone"}));
    EXPECT_TRUE(has(target_command_line(run), " pick="));
    EXPECT_EQ(line_of({"run", "--under", "native", "--filter", "hypercall"}),
              "no scenario is left by what was asked for");
}

TEST(HostUnder, ThePlanHasTheWorkloadsThatCanBeAskedFor) {
    std::set<std::string> planned_ones;
    for (const PlannedScenario& scenario : planned(run_of({"run", "--under", "native"}))) {
        planned_ones.insert(scenario.workload);
        EXPECT_TRUE(scenario.name.ends_with(" alone/alone")) << scenario.name;
    }
    EXPECT_EQ(planned_ones,
              (std::set<std::string>{"chase", "exits", "pagefault", "parity", "timer"}));
}

class HostUnderRun : public HostRun {
  protected:
    HostUnderRun() {
        (void)write("builds/virt/hypmeter-alone",
                    std::string(0x24, '\0') + "\x18\x28\x6f\x01" + std::string(16, '\0'));
        (void)write("console", console("mine", "[1] "));
    }

    /// What a console says that prints `prefix` before each line of the guest.
    static std::string console(const std::string& under, const std::string& prefix) {
        LogText log("\n");
        log.words("hypmeter alone");
        log.begin({"chase native/native"},
                  Json{{"parameters", Json{{"suite", "quick"}, {"under", under}}}});
        log.row("chase", kNative, Json{{"bytes", 65536}}, "load", 1.125, "instructions/load");
        log.scenario("chase native/native").end();
        std::string text = "hypervisor 1.0\r\n";
        for (const std::string& line : lines_of(cut_log(log.text(), 100))) {
            text += prefix + line + "\r\n";
        }
        return text;
    }

    /// A file with that command, which the shell runs in the folder of this test.
    std::string file(const std::string& command, const Json& more = Json::object()) {
        Json json{{"name", "mine"},
                  {"prefix", "[1] "},
                  {"command",
                   {"/bin/sh", "-c", "cd {folder}; " + command, "x", "{image}", "{bootargs}"}}};
        json.update(more);
        return "qemu-args:" + write("mine.json", json.dump()).string();
    }

    int under(const std::string& what, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"run", "--under", what, "--out", path("out").string()};
        words.insert(words.end(), more.begin(), more.end());
        return tool(words);
    }
};

TEST_F(HostUnderRun, ARunUnderAUsersHypervisorIsRecorded) {
    EXPECT_EQ(under(file("echo \"$@\" >words; cat console; echo warning >&2"), {"--only", "chase"}),
              kAllOk)
        << out_ << err_;
    EXPECT_EQ(read("words"), path("builds/virt/hypmeter-alone").string() +
                                 " under=mine clock=counter suite=quick only=chase\n");
    EXPECT_EQ(failures(), "");
    EXPECT_EQ(recorded().rows.size(), 1U);
    EXPECT_EQ(read("out/hypervisor.log"), "warning\n");
    EXPECT_TRUE(has(recorded().host, "/bin/sh"));
}

TEST_F(HostUnderRun, ItsLogHasNoPrefixesAndCanBeReadAgain) {
    EXPECT_EQ(under(file("cat console")), kAllOk) << err_;
    EXPECT_TRUE(has(read("out/uart.log"), "hypervisor 1.0\r\nhypmeter alone\r\n@hypmeter {"));
    EXPECT_FALSE(has(read("out/uart.log"), "[1] "));
    EXPECT_EQ(tool({"report", path("out/uart.log").string(), "--format", "json"}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "\"layer\""));
}

TEST_F(HostUnderRun, AConsoleThatGarblesAPieceFailsTheRun) {
    const std::string good = console("mine", "[1] ");
    for (std::size_t at = good.find("@+"); at != std::string::npos; at = good.find("@+", at + 1)) {
        std::string garbled = good;
        garbled[at + 5] ^= 1;
        (void)write("console", garbled);
        EXPECT_EQ(under(file("cat console")), kFailed) << at;
        EXPECT_TRUE(has(failures(), "is damaged")) << at << ": " << failures();
    }
}

TEST_F(HostUnderRun, ItsCommandIsEndedAfterTheLastRecord) {
    EXPECT_EQ(under(file("cat console; exec sleep 100"), {"--time-limit", "50"}), kAllOk) << err_;
    EXPECT_EQ(under(file("echo '[1] hello'; exec sleep 100"), {"--time-limit", "1"}), kFailed);
    EXPECT_TRUE(has(failures(), "time limit of 1 s"));
}

TEST_F(HostUnderRun, AGuestThatRanUnderAnotherNameFailsTheRun) {
    (void)write("console", console("another", "[1] "));
    EXPECT_EQ(under(file("cat console")), kFailed);
    EXPECT_TRUE(has(failures(), "the guest says \"another\", and its command line says \"mine\""));
}

TEST_F(HostUnderRun, WhatCannotBeStartedIsRefusedInOneLine) {
    EXPECT_EQ(under(file("", Json{{"command", {"no-such-program"}}})), kFailed);
    EXPECT_TRUE(has(err_, "cannot start mine: no program \"no-such-program\", which "));
    EXPECT_EQ(under(file("echo no KVM here >&2; exit 3")), kFailed);
    EXPECT_TRUE(has(err_, "ended before the guest said anything (exit status 3): no KVM here"));
    EXPECT_EQ(under(file("", Json{{"prefx", ""}})), kBadUsage);
    EXPECT_TRUE(has(err_, "unknown field \"prefx\"; did you mean \"prefix\"?"));
    EXPECT_EQ(under(file(""), {"--qemu", "mine"}), kBadUsage);
    EXPECT_TRUE(has(err_, "--qemu is for a QEMU that the tool starts"));
    (void)write("builds/virt/hypmeter-alone", "\177ELF");
    EXPECT_EQ(under(file("cat console")), kFailed);
    EXPECT_TRUE(has(err_, "is no zImage"));
}

TEST_F(HostUnderRun, WhatTheHypervisorLacksIsNotAskedFor) {
    const std::string kvm = file("", Json{{"lacks", {"chase", "pagefault", "exit=sgi-self"}}});
    const RunOptions run = run_of({"run", "--under", kvm});
    ASSERT_FALSE(run.pick.empty());
    for (const std::string& name : picked(run)) {
        EXPECT_FALSE(name.starts_with("chase") || name.starts_with("pagefault") ||
                     has(name, "sgi-self"))
            << name;
    }
    EXPECT_EQ(line_of({"run", "--under", kvm, "--only", "chase"}),
              "no scenario is left by what was asked for");
}

TEST_F(HostUnderRun, ALogThatWasRecordedElsewhereIsReadAsAnyOther) {
    LogText log("\n");
    log.begin({"chase alone/alone"}, Json{{"board", "alone"}});
    log.row("chase", "alone/alone", Json{{"bytes", 65536}}, "load", 1.125, "instructions/load");
    const std::string file =
        write("recorded", cut_log(log.scenario("chase alone/alone").end().text(), 100)).string();
    EXPECT_EQ(tool({"run", "--machine", "log:" + file, "--out", path("out").string()}), kAllOk)
        << failures() << err_;
}

TEST_F(HostUnderRun, WithoutXenOneLineSaysWhatFetchesIt) {
    EXPECT_EQ(under("xen", {"--qemu", qemu("exit 0")}), kFailed);
    EXPECT_EQ(err_, "hypmeter: no Xen in \"" + path("builds/xen").string() +
                        "\": `./hypmeter xen` fetches it from Debian\n");
}

TEST_F(HostUnderRun, NativelyQemuGetsAMachineWithoutHyp) {
    (void)write("console", console("native", ""));
    EXPECT_EQ(under("native", {"--qemu", qemu("cat $D/console")}), kAllOk) << failures() << err_;
    EXPECT_TRUE(has(read("arguments"), "-M virt,gic-version=2 "));
    EXPECT_TRUE(has(read("arguments"), "-append under=native clock=counter suite=quick"));
    EXPECT_TRUE(has(read("arguments"), "-icount shift=0"));
}

TEST_F(HostUnderRun, RepeatedRunsThatCountInstructionsAreSaidToBeEqualOrNot) {
    (void)write("console", console("native", ""));
    EXPECT_EQ(under("native", {"--qemu", qemu("cat $D/console"), "--repeat", "2"}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "The 2 runs are equal in each of 1 rows.\n")) << out_;
}

TEST_F(HostUnderRun, RepeatedRunsThatDifferFail) {
    std::string other = console("native", "");
    LogText log("\n");
    log.begin({"chase native/native"},
              Json{{"parameters", Json{{"suite", "quick"}, {"under", "native"}}}});
    log.row("chase", kNative, Json{{"bytes", 65536}}, "load", 1.25, "instructions/load");
    log.scenario("chase native/native").end();
    (void)write("first", other);
    (void)write("second", log.text());
    const std::string body =
        "if [ -e $D/ran ]; then cat $D/second; else touch $D/ran; cat $D/first; fi";
    EXPECT_EQ(under("native", {"--qemu", qemu(body), "--repeat", "2"}), kFailed);
    EXPECT_TRUE(has(err_, "the runs are not equal: 1 of 1 rows of run 2 differ, the first: chase"))
        << err_;
}

}  // namespace
}  // namespace hm::host::testing
