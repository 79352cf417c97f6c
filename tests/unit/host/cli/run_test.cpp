// Runs from their words to their exit status.

#include <nlohmann/json.hpp>

#include "host/log/json.hpp"
#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

TEST_F(HostRun, AGoodRunIsRecordedAndShown) {
    EXPECT_EQ(run("cat $D/log", {"--only", "timer", "--set", "count=7"}), kAllOk) << out_ << err_;
    EXPECT_EQ(failures(), "");
    EXPECT_EQ(read("out/uart.log"), good_log());
    EXPECT_TRUE(has(out_, "Figure 2"));
    EXPECT_TRUE(has(out_, "Figure 7"));
    EXPECT_TRUE(has(out_, "verdicts passed, 0 failed"));
    EXPECT_TRUE(has(err_, "[10/10] demand"));
    EXPECT_TRUE(has(read("arguments"), "-append suite=quick only=timer count=7"));
    EXPECT_TRUE(has(recorded().host, "QEMU fake 1.0"));
    EXPECT_FALSE(std::filesystem::exists(path("out/uart.log.part")));
}

TEST_F(HostRun, APredictionNeedsNoRun) {
    EXPECT_EQ(tool({"predict", "--bytes", "1M", "--order", "sequential,page-random"}), kAllOk);
    EXPECT_TRUE(has(out_, "sequential, 1 MB"));
    EXPECT_TRUE(has(out_, "page-random, 1 MB"));
    EXPECT_TRUE(has(out_, "What is not known"));
    EXPECT_TRUE(has(out_, "stage2_walk_entries"));
    EXPECT_TRUE(has(out_, "Of latencies these are not known"));
    EXPECT_EQ(
        tool({"predict", "--parameters", "--model", write("m", R"({"ram_ns": 80})").string()}),
        kAllOk);
    EXPECT_TRUE(has(out_, "ram_ns 80 ns"));
}

TEST_F(HostRun, APredictionForProgramsHasAllChasesInOneObject) {
    const std::string exact =
        write("m", R"({"prefetch_lines": 0, "l2_tlb_random": false, "stage1_walk_holds_pa": false,
                       "stage1_walk_entries": 0, "stage2_walk_entries": 0, "ipa_entries": 0,
                       "walk_looks_in_l1": false, "walk_prefetch_lines": 0, "ram_ns": 100,
                       "walk_cycles": 6, "stage2_walk_cycles": 0, "walk_ram_ns": 100})")
            .string();
    EXPECT_EQ(tool({"predict", "--json", "--model", exact, "--order", "sequential,page-random",
                    "--bytes", "8M", "--stride", "4096"}),
              kAllOk);
    const auto json = parse_json(out_);
    ASSERT_TRUE(json && json->is_object()) << out_;
    EXPECT_EQ((*json)["core"], "cortex-a15");
    EXPECT_EQ((*json)["clock_mhz"], 1700);
    std::vector<std::string> orders;
    for (const Json& row : (*json)["rows"]) {
        EXPECT_EQ(row["bytes"], 8 << 20);
        EXPECT_EQ(row["stride"], 4096);
        EXPECT_EQ(row["cycles"][0], row["cycles"][1]) << "nothing is unknown";
        EXPECT_DOUBLE_EQ(row["ns"][0].get<double>() * 1.7, row["cycles"][0].get<double>());
        if (row["stage1"] == "lpae-4K" && row["stage2"] == "4K") {
            orders.push_back(row["order"]);
            EXPECT_EQ(row["tlb_misses"][0], 1) << "one load per page, in either order";
            EXPECT_EQ(row["descriptors"][0], 15);
            EXPECT_GT(row["ratio"][0].get<double>(), 1.5);
        }
        EXPECT_EQ(row.contains("ratio"), row["stage2"] != "off");
    }
    EXPECT_EQ(orders, (std::vector<std::string>{"sequential", "page-random"}));
}

TEST_F(HostRun, CoresArePredictedSideBySideAndAloneInCounts) {
    EXPECT_EQ(tool({"predict", "--core", "cortex-a15,cortex-a7", "--bytes", "1M", "--order",
                    "sequential"}),
              kAllOk);
    EXPECT_TRUE(has(out_, "a Cortex-A15 at 1,700 MHz and on a Cortex-A7 at 1,008 MHz"));
    EXPECT_TRUE(has(out_, "A15 TLB misses"));
    EXPECT_TRUE(has(out_, "A7 TLB misses"));
    EXPECT_TRUE(has(out_, "A15 to native"));
    EXPECT_FALSE(has(out_, "A7 to native"));
    EXPECT_EQ(tool({"predict", "--core", "cortex-a7", "--bytes", "1M", "--order", "page-random"}),
              kAllOk);
    EXPECT_TRUE(has(out_, "A load of a chase on a Cortex-A7 at 1,008 MHz"));
    EXPECT_TRUE(has(out_, "of the main TLB"));
    EXPECT_TRUE(has(out_, "--settle"));
    EXPECT_FALSE(has(out_, "cycles"));
    EXPECT_EQ(tool({"predict", "--core", "cortex-a7", "--parameters"}), kAllOk);
    EXPECT_TRUE(has(out_, "ipa_entries 64: "));
    EXPECT_TRUE(has(out_, "l2_cycles not known: "));
}

TEST_F(HostRun, AModelThatCannotBeUsedIsRefused) {
    const std::string file = write("m", R"({"ipa_entries": 65537})").string();
    EXPECT_EQ(tool({"predict", "--model", file}), kBadUsage);
    EXPECT_EQ(err_, fmt::format("hypmeter: cannot use \"{}\": ipa_entries takes a number from 0 "
                                "to 65536, or [low, high] of these\n",
                                file));
    EXPECT_EQ(out_, "");
}

TEST_F(HostRun, TwoEqualRunsDifferInHostAlone) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    Json first = Json::parse(read("out/results.json"));
    EXPECT_EQ(run("sleep 0.2; cat $D/log"), kAllOk);
    Json second = Json::parse(read("out/results.json"));
    EXPECT_NE(first["host"]["seconds"], second["host"]["seconds"]);
    first.erase("host");
    second.erase("host");
    EXPECT_EQ(first, second);
}

TEST_F(HostRun, AMachineWithoutIcountFailsUnlessWallTimeWasAskedFor) {
    (void)write("log",
                LogText().begin({"a"}, Json{{"clock", "emulator"}}).scenario("a").end().text());
    EXPECT_EQ(run("cat $D/log"), kFailed);
    EXPECT_TRUE(has(failures(), "this emulator runs without icount"));
    EXPECT_EQ(run("cat $D/log", {"--clock", "wall"}), kAllOk) << failures();
    EXPECT_TRUE(has(out_, "no machine's"));
    EXPECT_FALSE(has(read("arguments"), "icount"));
    (void)write("log", good_log());
    EXPECT_EQ(run("cat $D/log", {"--clock", "wall"}), kFailed);
    EXPECT_TRUE(has(failures(), "and --clock wall was asked for"));
}

TEST_F(HostRun, WhatIsSkippedIsShownWithItsReasonAndFailsNothing) {
    LogText log;
    log.begin({"timer load=core count=5 native/native", "timer load=core count=9 native/native",
               "b nested/injected"});
    const Json skipped{{"skipped", true}, {"detail", "needs two cores"}, {"guest_crc32", 0}};
    log.scenario("timer load=core count=5 native/native", skipped);
    log.scenario("timer load=core count=9 native/native", skipped);
    (void)write("log", log.scenario("b nested/injected").end().text());
    EXPECT_EQ(run("cat $D/log"), kAllOk) << failures();
    EXPECT_TRUE(has(out_, "Not run\nneeds two cores: 2 scenarios: timer core native/native\n"));
    EXPECT_TRUE(has(err_, "[1/3] timer load=core count=5 native/native: skipped, needs two cores"));
    const std::string shown = out_;
    EXPECT_EQ(tool({"report", path("out").string()}), kAllOk);
    EXPECT_EQ(out_, shown);
}

TEST_F(HostRun, QuietMeansQuiet) {
    mode_ = ProgressMode::kQuiet;
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    EXPECT_EQ(err_, "");
}

TEST_F(HostRun, ATerminalIsLeftWithACleanLine) {
    mode_ = ProgressMode::kTerminal;
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    EXPECT_TRUE(has(err_, "\r\033[K"));
    EXPECT_TRUE(err_.ends_with("\r\033[K"));
}

TEST_F(HostRun, AMachineKilledMidRunFailsAndSaysWhere) {
    // The machine that is to go on does not even begin.
    EXPECT_EQ(run("case \"$*\" in *from=*) exit 4;; esac; head -n 12 $D/log; kill -9 $$"), kFailed);
    EXPECT_TRUE(
        has(err_, "scenario \"chase native/native\": its machine ended: killed by signal 9"));
    EXPECT_TRUE(has(err_, "after record 9, in scenario \"chase nested/injected\"; 3 of 10"));
    EXPECT_TRUE(has(failures(), "log complete"));
    EXPECT_TRUE(has(failures(), "scenario chase native/native"));
    EXPECT_TRUE(has(out_, "FAILED log complete"));
    // Those of the two scenarios that are closed.
    EXPECT_EQ(recorded().rows.size(), 6u);
}

TEST_F(HostRun, AMachineThatEndsWithSuccessButWithoutItsLastRecordFails) {
    (void)write("log", LogText().begin({"a"}).text());
    EXPECT_EQ(run("cat $D/log"), kFailed);
    EXPECT_TRUE(has(failures(), "scenario a: its machine ended: exit status 0\n"));
    EXPECT_TRUE(has(failures(), "machine ended after its last record: exit status 0, before"));
}

TEST_F(HostRun, AMachineThatRunsOnAfterItsLastRecordIsEnded) {
    EXPECT_EQ(run("trap '' TERM; echo $$ >$D/pid; cat $D/log; while :; do sleep 0.1; done"),
              kAllOk);
    EXPECT_TRUE(ended("pid"));
}

TEST_F(HostRun, ATargetThatGivesUpIsEndedSoonWithItsWords) {
    EXPECT_EQ(run("echo 'hypmeter: unknown key: x'; echo 'hypmeter: nothing more will come'\n"
                  "echo $$ >$D/pid; exec sleep 60",
                  {"--time-limit", "50"}),
              kFailed);
    EXPECT_TRUE(ended("pid"));
    EXPECT_TRUE(has(err_, "target: hypmeter: unknown key: x\n"));
    EXPECT_FALSE(has(err_, "nothing more will come"));
    EXPECT_TRUE(has(failures(), "ended here once its work was done, before its end record"));
}

TEST_F(HostRun, QemuIsConfinedWhereItCanBe) {
    for (const bool can : {true, false}) {
        has_sandbox_ = can;
        EXPECT_EQ(run("cat $D/log"), kAllOk);
        EXPECT_EQ(has(read("arguments"),
                      "-sandbox on,obsolete=deny,elevateprivileges=deny,"
                      "spawn=deny,resourcecontrol=deny"),
                  can);
        EXPECT_TRUE(has(recorded().host, can ? R"("sandbox":true)" : R"("sandbox":false)"));
    }
}

TEST_F(HostRun, AMachineThatHangsIsEndedAtTheTimeLimit) {
    EXPECT_EQ(run("trap '' TERM; echo $$ >$D/pid; head -n 12 $D/log; while :; do sleep 0.1; done",
                  {"--time-limit", "1"}),
              kFailed);
    EXPECT_TRUE(ended("pid"));
    EXPECT_TRUE(has(failures(), "time limit of 1 s"));
}

TEST_F(HostRun, AnExitStatusOfTheTargetFailsTheRun) {
    EXPECT_EQ(run("cat $D/log; exit 1"), kFailed);
    EXPECT_TRUE(has(failures(), "exit status 1"));
}

TEST_F(HostRun, ComplaintsOfQemuFailTheRun) {
    EXPECT_EQ(run("cat $D/log; echo 'gic: bad offset' >$D/out/qemu.log.part"), kFailed);
    EXPECT_EQ(failures(), "qemu complaints: 1 lines, the first: gic: bad offset\n");
    EXPECT_EQ(read("out/qemu.log"), "gic: bad offset\n");
}

TEST_F(HostRun, ADamagedLogFails) {
    EXPECT_EQ(run("sed 's/812/813/' $D/log"), kFailed);
    EXPECT_TRUE(has(failures(), "damaged"));
}

TEST_F(HostRun, TheTargetsLastWordsAreShownWhereItDidNotEnd) {
    EXPECT_EQ(run("echo 'cannot become HYP'; exit 1"), kFailed);
    EXPECT_TRUE(has(err_, "target: cannot become HYP"));
    EXPECT_TRUE(has(failures(), "no begin record"));
}

TEST_F(HostRun, ARunThatDoesNotStartLeavesThePreviousResult) {
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    const std::string before = read("out/results.json");
    EXPECT_EQ(run("echo 'unknown machine' >&2; exit 1"), kFailed);
    EXPECT_TRUE(has(err_, "unknown machine"));
    EXPECT_EQ(tool({"run", "--qemu", "no-such-qemu", "--out", path("out").string()}), kFailed);
    EXPECT_TRUE(has(err_, "no-such-qemu"));
    EXPECT_EQ(tool({"run", "--qemu", write("text", "x").string(), "--out", path("out").string()}),
              kFailed);
    EXPECT_EQ(run("cat $D/log", {"--image", path("none.elf").string()}), kFailed);
    EXPECT_TRUE(has(err_, "none.elf"));
    EXPECT_EQ(run("cat $D/log", {"--image", write("empty.elf", "").string()}), kFailed);
    EXPECT_TRUE(has(err_, "empty.elf\" is not an ELF file"));
    EXPECT_EQ(read("out/results.json"), before);
    EXPECT_EQ(read("out/uart.log"), good_log());
}

TEST_F(HostRun, BadUsageStartsNothing) {
    EXPECT_EQ(run("cat $D/log", {"--set", "bogus=1"}), kBadUsage);
    EXPECT_EQ(err_.substr(0, err_.find('\n')), "hypmeter: unknown key \"bogus\" in --set bogus=1");
    EXPECT_TRUE(has(err_, "`hypmeter list` shows all keys"));
    EXPECT_FALSE(std::filesystem::exists(path("arguments")));
    EXPECT_FALSE(std::filesystem::exists(path("out")));
    EXPECT_EQ(run("cat $D/log", {"--out", log_file_.string()}), kBadUsage);
    EXPECT_FALSE(std::filesystem::exists(path("arguments")));
}

TEST_F(HostRun, ListNeedsNothing) {
    EXPECT_EQ(tool({"list"}), kAllOk);
    EXPECT_TRUE(has(out_, "pagefault"));
}

}  // namespace
}  // namespace hm::host::testing
