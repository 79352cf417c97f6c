// The tool and the image together, under QEMU.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "measure/workload/table.hpp"
#include "tests/system/dialogue.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// The quick suite, run once for all tests of a process.
struct Recorded {
    Finished finished;
    json results;
    std::string complaints;  ///< QEMU's
};

const Recorded& quick_run() {
    static const Recorded once = [] {
        const ScratchFolder scratch;
        const Finished finished = run_tool(scratch / "out", "");
        return Recorded{finished, results(scratch / "out"),
                        read_text(scratch / "out" / "qemu.log")};
    }();
    return once;
}

TEST(QuickRun, IsGreenAndRepeatsToTheByte) {
    const ScratchFolder scratch;
    const Finished& first = quick_run().finished;
    EXPECT_EQ(first.status, 0) << first.output;
    const Finished second = run_tool(scratch / "b", "");
    EXPECT_EQ(second.status, 0) << second.output;

    json a = quick_run().results;
    json b = results(scratch / "b");
    ASSERT_TRUE(a.contains("host") && b.contains("host"));
    EXPECT_GT(a.at("results").size(), 40U);
    a.erase("host");
    b.erase("host");
    for (const auto& [key, value] : a.items()) {
        ASSERT_EQ(value.size(), b.at(key).size()) << key;
        for (auto one = value.begin(), other = b.at(key).begin(); one != value.end();
             ++one, ++other) {
            EXPECT_EQ(*one, *other) << key;
        }
    }
    EXPECT_TRUE(quick_run().complaints.empty()) << "QEMU complained";
}

TEST(QuickRun, RepeatsToTheByteBesideBusyProcessors) {
    // A core that goes to sleep while others are busy once made the emulator's clock slip.
    const Finished finished = run(std::string(HYPMETER_SOURCE_DIR) + "/tests/repeat.py 2 " +
                                  HYPMETER_TOOL + " --only timer,turn --set load=vm-idle");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_NE(finished.output.find("2 of 2 pairs are equal"), std::string::npos) << finished.output;
}

TEST(QuickRun, EqualsItsGoldenValuesWhereTheyHold) {
    const json verdict_of_run = verdict(quick_run().results, "golden values");
    if (verdict_of_run.is_null()) {
        const json& host = quick_run().results.at("host");
        ASSERT_TRUE(host.contains("golden")) << "neither a verdict nor a reason";
        GTEST_SKIP() << host.at("golden");
    }
    EXPECT_TRUE(verdict_of_run.at("ok")) << verdict_of_run;
}

TEST(QuickRun, MeetsItsTargets) {
    ASSERT_EQ(quick_run().finished.status, 0);
    const json& run = quick_run().results;
    EXPECT_EQ(run.at("clock"), "instructions");
    EXPECT_FALSE(run.at("models").at("tlb"));
    EXPECT_EQ(run.at("guest_crc32").at("native"), run.at("guest_crc32").at("guest"));

    const auto hyp = [&](const std::string& workload, const json& params) {
        return row(run, workload, "injected", "hyp-instructions", params).at("max").get<double>();
    };
    EXPECT_LE(hyp("hypercall", {{"path", "null-fast"}}), 12);
    EXPECT_LE(hyp("hypercall", {{"path", "null-dispatch"}}), 30);
    EXPECT_EQ(hyp("hypercall", {{"path", "vector-only"}}), 1);
    EXPECT_LE(hyp("hypercall", {{"path", "null-dispatch"}}), 30);
    EXPECT_LE(hyp("demand", json::object()), 150);
    EXPECT_EQ(row(run, "demand", "injected", "hyp-instructions-with-new-table").at("count"), 1);

    EXPECT_LE(row(run, "timer", "native", "deadline..guest-vector").at("max").get<double>(), 3);
    for (const json& one : run.at("results")) {
        if (one.at("delivery") == "native" && one.at("layer") == "hyp-instructions") {
            EXPECT_EQ(one.at("max"), 0) << one;
        }
    }
}

TEST(QuickRun, EveryDeliveryMeetsItsTarget) {
    ASSERT_EQ(quick_run().finished.status, 0);
    const json& run = quick_run().results;
    const auto most = [&](const std::string& delivery, const std::string& layer,
                          const json& params) {
        return row(run, "timer", delivery, layer, params).at("max").get<double>();
    };
    for (const char* const wait : {"wfi", "spin"}) {
        const json params{{"wait", wait}, {"load", "idle"}, {"stamps", 0}};
        EXPECT_LE(most("injected", "hyp-instructions", params), 45);
        EXPECT_LE(most("injected-soft", "hyp-instructions", params), 120);
        EXPECT_EQ(most("direct", "hyp-instructions", params), 0);
        EXPECT_EQ(most("direct", "deadline..application", params),
                  most("native", "deadline..application", params));
    }
    EXPECT_LE(row(run, "hypercall", "shared", "hyp-instructions", {{"path", "yield"}})
                  .at("max")
                  .get<double>(),
              400);
    EXPECT_LE(most("boosted", "hyp-vector..guest-vector", {{"load", "vm-compute"}}), 500);
    for (const int slice : {1000, 2000, 5000, 10000}) {
        const json params{{"load", "vm-compute"}, {"slice_us", slice}, {"stamps", 0}};
        // A slice, a switch, and what an interrupt takes that is just being handled when it begins.
        const double limit = slice * 1000.0 + 400 +
                             2 * most("injected", "deadline..application",
                                      {{"wait", "wfi"}, {"load", "idle"}, {"stamps", 0}});
        EXPECT_LE(most("shared", "deadline..application", params), limit);
        EXPECT_GT(most("shared", "deadline..application", params), slice * 1000.0 / 2);
    }
}

TEST(QuickRun, WhatBoostingTakesFromTheOtherVmIsLessThanAThousandth) {
    const ScratchFolder scratch;
    ASSERT_EQ(
        run_tool(scratch / "out", "--only timer --set load=vm-compute --set shares=40").status, 0);
    const json run = results(scratch / "out");
    const json params{{"slice_us", 10000}, {"stamps", 0}};
    const double shared = row(run, "timer", "shared", "other-work", params).at("mean");
    const double boosted = row(run, "timer", "boosted", "other-work", params).at("mean");
    EXPECT_LT(boosted, shared) << "a boost is not for nothing";
    EXPECT_GT(boosted, shared * 0.999);
}

TEST(QuickRun, FaultsMeetTheirTargets) {
    ASSERT_EQ(quick_run().finished.status, 0);
    const json& run = quick_run().results;
    const json stage1{{"faults", "stage1"}, {"stamps", 0}};
    const json stage2{{"faults", "stage2"}, {"stamps", 0}};
    for (const char* const delivery : {"native", "injected"}) {
        EXPECT_LE(row(run, "pagefault", delivery, "fault", stage1).at("max").get<double>(), 120);
    }
    EXPECT_EQ(row(run, "pagefault", "injected", "hyp-instructions", stage1).at("max"), 0)
        << "a fault of the guest's own is none of the monitor's";
    EXPECT_LE(row(run, "pagefault", "injected", "hyp-instructions", stage2).at("max").get<double>(),
              150);
    const json around{{"mapping", "around-16"}, {"working_set", 16'777'216}};
    const double all = row(run, "boot", "injected", "hyp-instructions", around).at("mean");
    const double faults = row(run, "boot", "injected", "stage2-faults", around).at("mean");
    EXPECT_LE(all / (faults * 16), 30);
}

TEST(QuickRun, AGuestTakesTheFaultsThatItsMappingLeaves) {
    ASSERT_EQ(quick_run().finished.status, 0);
    const json& run = quick_run().results;
    const auto faults = [&run](const char* mapping, int megabytes) {
        const json params{{"mapping", mapping}, {"working_set", megabytes << 20}};
        return row(run, "boot", "injected", "stage2-faults", params).at("mean").get<int>();
    };
    // Pages of the working set, and those of the image, its stacks and its tables.
    const int image = faults("demand-4K", 1) - 256;
    EXPECT_GT(image, 10);
    EXPECT_LT(image, 100);
    EXPECT_EQ(faults("demand-4K", 16), 16 * 256 + image);
    EXPECT_EQ(faults("demand-2M", 16), faults("demand-2M", 4) + 6);
    EXPECT_EQ(faults("around-16", 16), faults("around-16", 4) + 12 * 256 / 16);
    EXPECT_EQ(faults("premapped-4K", 16), 0);
    EXPECT_EQ(faults("premapped-2M", 16), 0);
}

TEST(ModelRun, TakesNoMoreThanTwentyMillionInstructions) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--suite model");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    // Start-up, guests' loading and all printing among them; waits in WFI are none.
    const auto instructions = run.at("host").at("instructions").get<std::uint64_t>();
    EXPECT_LE(instructions, 20'000'000U);
    EXPECT_GT(instructions, 10'000'000U) << "what was counted is not the whole run";
    std::set<std::string> workloads;
    for (const json& one : run.at("results")) {
        workloads.insert(one.at("workload"));
    }
    EXPECT_GE(workloads.size(), 6U);
    for (const measure::Workload* const workload : measure::kWorkloads) {
        if (workload->meaning != nullptr) {
            EXPECT_TRUE(workloads.contains(workload->name)) << workload->name << " is left out";
        }
    }
}

TEST(Skips, AChaseThatDoesNotFitIsSkippedAndTheRestRuns) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only chase --set bytes=256M --set memory=256M --set order=page-random");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    std::set<std::uint64_t> sizes;
    for (const json& one : run.at("results")) {
        sizes.insert(one.at("params").at("bytes").get<std::uint64_t>());
    }
    EXPECT_EQ(sizes, (std::set<std::uint64_t>{65'536, 1'048'576, 8'388'608, 67'108'864}));
    EXPECT_NE(finished.output.find("too little memory"), std::string::npos) << finished.output;
}

TEST(Skips, CellsOfOneGigabyteRunWhereThereIsOneForTheGuest) {
    struct Machine {
        const char* options;
        std::size_t ran;
    };
    for (const auto& [options, ran] :
         {Machine{"--set memory=1G", 0U}, Machine{"--set memory=3G", 5U},
          Machine{"--board vexpress", 0U}, Machine{"--board vexpress --set memory=2G", 5U}}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(
            scratch / "out", std::string("--only chase --set bytes=1M --set stage2=1G ") + options);
        EXPECT_EQ(finished.status, 0) << finished.output;
        const json run = results(scratch / "out");
        std::size_t loads = 0;
        for (const json& one : run.at("results")) {
            loads += one.at("layer") == "load" ? 1 : 0;
        }
        EXPECT_EQ(loads, ran);
        EXPECT_EQ(run.at("skipped").size(), 5U - ran);
        EXPECT_EQ(finished.output.find("memory=2G") == std::string::npos, ran != 0);
    }
}

TEST(Skips, RowsOfTheSecondCoreAreSkippedWithTheReason) {
    for (const auto& [cores, reason] : {std::pair{1, "no second core"}, std::pair{2, "icount"}}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(
            scratch / "out", "--only timer --set load=core --set smp=" + std::to_string(cores));
        EXPECT_EQ(finished.status, 0) << finished.output;
        const json run = results(scratch / "out");
        EXPECT_TRUE(run.at("results").empty());
        ASSERT_EQ(run.at("skipped").size(), 8U);
        for (const json& one : run.at("skipped")) {
            EXPECT_NE(one.at("reason").get<std::string>().find(reason), std::string::npos) << one;
        }
        EXPECT_NE(finished.output.find(reason), std::string::npos) << finished.output;
    }
}

TEST(WallClock, RunsUnderTheLoadOfASecondCoreAndComparesNothing) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only timer --clock wall --set smp=2 --set load=core --set count=50");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(run.at("clock"), "emulator");
    EXPECT_TRUE(run.at("skipped").empty());
    for (const char* const delivery : {"native", "injected", "injected-soft", "direct"}) {
        const json end_to_end =
            row(run, "timer", delivery, "deadline..application", {{"stamps", 0}});
        EXPECT_EQ(end_to_end.at("count"), 50);
        EXPECT_EQ(end_to_end.at("unit"), "emulator ns");
    }
    EXPECT_TRUE(verdict(run, "budget").is_null()) << "instructions were not counted";
    EXPECT_EQ(finished.output.find("Beside other hypervisors"), std::string::npos);
}

TEST(WallClock, MemoryIsMeasuredInTheEmulatorsOwnTimeAndComparedWithNothing) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--only chase,pagefault,boot,parity --clock wall --set bytes=1M");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(row(run, "chase", "native", "load").at("unit"), "emulator ns/load");
    EXPECT_TRUE(verdict(run, "budget").is_null()) << "instructions were not counted";
    EXPECT_EQ(finished.output.find("273.75"), std::string::npos) << finished.output;
}

TEST(WallClock, BothLoadsAtOnceLoseNoInterrupt) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only timer --clock wall --set smp=2 --set load=all --set shares=20");
    EXPECT_EQ(finished.status, 0) << finished.output;
}

TEST(QuickRun, RunsWithoutAFolderOfItsOwnMaking) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "deep" / "er", "--only hypercall");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_TRUE(std::filesystem::exists(scratch / "deep" / "er" / "uart.log"));
}

TEST(BadUsage, AnUnknownKeyIsRefusedBeforeAnythingStarts) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--set bogus=1");
    EXPECT_EQ(finished.status, 2);
    EXPECT_NE(finished.output.find("bogus"), std::string::npos);
    EXPECT_NE(finished.output.find("period"), std::string::npos) << "valid keys are not listed";
    EXPECT_FALSE(std::filesystem::exists(scratch / "out"));
}

TEST(BadUsage, TheImageRefusesAnUnknownKeyByItself) {
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu cortex-a15 "
            "-nic none -nographic -append bogus=1 -kernel " +
            image() + " </dev/null");
    EXPECT_EQ(finished.status, 0) << "it has not turned the machine off: " << finished.output;
    EXPECT_NE(finished.output.find("unknown key: bogus=1"), std::string::npos) << finished.output;
}

TEST(BadUsage, ARunThatLeavesOutItsWholePlanFails) {
    const ScratchFolder scratch;
    EXPECT_EQ(run_tool(scratch / "out", "--only hypercall --set from=899").status, 1);
    const json success = verdict(results(scratch / "out"), "target reports success");
    ASSERT_FALSE(success.is_null());
    EXPECT_FALSE(success.at("ok").get<bool>());
}

TEST(Misbehaviour, AGuestThatHangsIsEndedAndTheOthersAreStillMeasured) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--only timer,hypercall --set hang=1 --set watchdog=50000000");
    EXPECT_EQ(finished.status, 1);
    EXPECT_NE(finished.output.find("watchdog"), std::string::npos) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(row(run, "timer", "native", "deadline..application").at("count"), 1000);
    EXPECT_EQ(row(run, "timer", "injected", "deadline..application").at("count"), 1000);
    EXPECT_EQ(row(run, "hypercall", "injected", "call").at("count"), 1000);
}

TEST(Misbehaviour, AGuestThatNoInterruptEndsIsNoticedAndCostsOneScenario) {
    const ScratchFolder scratch;
    ASSERT_EQ(run_tool(scratch / "clean", "--only hypercall").status, 0);
    const Finished finished = run_tool(scratch / "out", "--only hypercall --set freeze=1");
    EXPECT_EQ(finished.status, 1);
    const json clean = results(scratch / "clean");
    const json run = results(scratch / "out");
    // What ran in a new machine is to the byte what it is otherwise.
    EXPECT_EQ(run.at("results"), clean.at("results"));
    EXPECT_EQ(run.at("host").at("new_machines"), 2);
    for (const char* const setting : {"native/native", "nested/injected"}) {
        const json lost = verdict(run, std::string("scenario freeze ") + setting);
        ASSERT_FALSE(lost.is_null());
        EXPECT_FALSE(lost.at("ok").get<bool>());
        EXPECT_NE(lost.at("detail").get<std::string>().find("its machine hung"), std::string::npos)
            << lost;
    }
    EXPECT_TRUE(verdict(run, "log complete").at("ok").get<bool>());
}

TEST(Misbehaviour, AGuestThatStraysIsStoppedWithItsSyndromeInWords) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--only hypercall --set stray=1");
    EXPECT_EQ(finished.status, 1);
    EXPECT_NE(finished.output.find("translation fault"), std::string::npos) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(row(run, "hypercall", "injected", "call").at("count"), 1000);
}

TEST(Misbehaviour, AMonitorKilledMidRunSaysWhereItStopped) {
    const ScratchFolder scratch;
    const std::string wrapper = (scratch / "qemu").string();
    std::ofstream(wrapper) << "#!/bin/sh\n"
                              "case \"$*\" in *from=*) exec qemu-system-arm \"$@\";; esac\n"
                              "qemu-system-arm \"$@\" &\n"
                              "child=$!\n"
                              "sleep 4\n"
                              "kill -9 $child\n"
                              "wait $child\n";
    ASSERT_EQ(run("chmod +x " + wrapper).status, 0);
    const Finished finished = run_tool(
        scratch / "out", "--suite paper --only chase,timer --time-limit 12 --qemu " + wrapper);
    EXPECT_EQ(finished.status, 1);
    // Which one depends on how fast the computer is.
    EXPECT_TRUE(std::regex_search(finished.output, std::regex("in scenario\\s+\"chase stage1=")))
        << "it does not name a scenario: " << finished.output;
    const json run = results(scratch / "out");
    const json log = verdict(run, "log complete");
    ASSERT_FALSE(log.is_null());
    EXPECT_FALSE(log.at("ok").get<bool>());
    // It costs the scenario that ran; a new machine went on until the time limit.
    EXPECT_EQ(run.at("host").at("new_machines"), 1);
    EXPECT_TRUE(std::regex_search(finished.output,
                                  std::regex("scenario \"chase stage1=.*\": its machine ended: "
                                             "exit status 137; the rest of the plan went")))
        << finished.output;
}

TEST(Misbehaviour, AFaultInHypPrintsItsRegistersAndFails) {
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu cortex-a15 "
            "-nic none -nographic -kernel " +
            image("-fault") + " </dev/null");
    EXPECT_EQ(finished.status, 0) << "it has not turned the machine off: " << finished.output;
    EXPECT_EQ(finished.output.find(R"("record":"end")"), std::string::npos) << finished.output;
    EXPECT_NE(finished.output.find("fault in HYP: data abort"), std::string::npos);
    EXPECT_NE(finished.output.find("translation fault, level 3, write of 4 bytes"),
              std::string::npos)
        << finished.output;
    EXPECT_NE(finished.output.find("HDFAR"), std::string::npos);
}

TEST(Entry, AMachineWithoutHypModeIsRefusedInOneLine) {
    // Nothing can turn the machine off there, so the last line is for a host that does.
    Dialogue qemu(
        {"qemu-system-arm", "-M", "virt", "-cpu", "cortex-a15", "-nographic", "-kernel", image()});
    EXPECT_TRUE(qemu.expect("hypmeter: nothing more will come", std::chrono::seconds(20)))
        << qemu.transcript();
    EXPECT_NE(qemu.transcript().find("virtualization=on"), std::string::npos) << qemu.transcript();
}

/// A stand-in for QEMU that boots another machine than it is asked for.
std::string qemu_with(const ScratchFolder& scratch, const std::string& asked,
                      const std::string& given) {
    const std::string wrapper = (scratch / "qemu").string();
    std::ofstream(wrapper) << "#!/bin/bash\nexec qemu-system-arm \"${@//" << asked << "/" << given
                           << "}\"\n";
    EXPECT_EQ(run("chmod +x " + wrapper).status, 0);
    return wrapper;
}

TEST(Endings, ARefusalOfTheTargetEndsTheRunAtOnceWithItsWords) {
    // By itself; and on a machine that the target cannot turn off.
    for (const char* const machine : {"", "--entry secure ", "--board vexpress "}) {
        const ScratchFolder scratch;
        const Finished finished =
            run_tool(scratch / "out", machine + std::string("--time-limit 60 --qemu ") +
                                          qemu_with(scratch, "suite=quick", "bogus=1"));
        EXPECT_EQ(finished.status, 1) << finished.output;
        EXPECT_NE(finished.output.find("target: hypmeter: unknown key: bogus=1"), std::string::npos)
            << finished.output;
        EXPECT_EQ(finished.output.find("time limit"), std::string::npos) << finished.output;
        EXPECT_EQ(finished.output.find("nothing more will come"), std::string::npos)
            << "the line is for programs: " << finished.output;
    }
}

TEST(Endings, AFaultInHypEndsARunThatFails) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-fault"));
    EXPECT_EQ(finished.status, 1) << finished.output;
    EXPECT_NE(finished.output.find("target: hypmeter: fault in HYP: data abort"), std::string::npos)
        << finished.output;
    EXPECT_FALSE(verdict(results(scratch / "out"), "machine ended").at("ok").get<bool>());
}

TEST(Endings, EveryMachineIsEndedAfterItsLastRecord) {
    for (const char* const machine :
         {"", "--entry secure", "--board vexpress", "--board vexpress --entry hyp"}) {
        const ScratchFolder scratch;
        const Finished finished =
            run_tool(scratch / "out", std::string("--only hypercall ") + machine);
        EXPECT_EQ(finished.status, 0) << finished.output;
        EXPECT_EQ(verdict(results(scratch / "out"), "machine ended").at("detail"), "exit status 0")
            << machine;
    }
}

TEST(Endings, ATargetThatWouldLingerDoesNotKeepTheHostWaiting) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--only hypercall --set linger=600 --time-limit 120");
    EXPECT_EQ(finished.status, 0) << finished.output;
}

TEST(Endings, QemuRunsInItsSandboxWhereItHasOne) {
    const ScratchFolder scratch;
    ASSERT_EQ(run_tool(scratch / "out", "--only hypercall").status, 0);
    const json host = results(scratch / "out").at("host");
    constexpr const char* kPolicy =
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";
    const bool has_one =
        run("qemu-system-arm -sandbox " + std::string(kPolicy) + " -M help >/dev/null").status == 0;
    const json& command = host.at("command");
    EXPECT_EQ(host.at("qemu").at("sandbox"), has_one);
    EXPECT_EQ(std::count(command.begin(), command.end(), kPolicy), has_one ? 1 : 0);
}

TEST(Clock, WithoutIcountTheRunFailsInsteadOfCallingItInstructions) {
    const ScratchFolder scratch;
    const std::string wrapper = (scratch / "qemu").string();
    std::ofstream(wrapper)
        << "#!/bin/bash\n"
           "args=()\n"
           "while (($#)); do\n"
           "  if [[ $1 == -icount ]]; then shift 2; else args+=(\"$1\"); shift; fi\n"
           "done\n"
           "exec qemu-system-arm \"${args[@]}\"\n";
    ASSERT_EQ(run("chmod +x " + wrapper).status, 0);
    const Finished finished = run_tool(scratch / "out", "--only hypercall --qemu " + wrapper);
    EXPECT_EQ(finished.status, 1) << finished.output;
    EXPECT_NE(finished.output.find("icount"), std::string::npos) << finished.output;
}

TEST(TargetCases, AllHold) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-cases"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_FALSE(verdict(run, "translation: the CPU agrees").is_null());
    EXPECT_GE(run.at("verdicts").size(), 15U);
}

TEST(TargetCases, AllHoldForGuestsThatWreckWhatTheyCanReach) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-wrecking"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_GE(results(scratch / "out").at("verdicts").size(), 12U);
}

TEST(TargetCasesOfGigabytes, AllHoldWhereBlocksOfOneGigabyteCanBeToo) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--set memory=3G --image " + image("-cases"));
    EXPECT_EQ(finished.status, 0) << finished.output;
}

TEST(PaperSuite, EndsWithinFifteenMinutesWithAllItsWakeUps) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--suite paper --time-limit 900");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    for (const std::string delivery : {"native", "injected", "injected-soft", "direct"}) {
        for (const int stamps : {0, 1}) {
            const json end_to_end = row(run, "timer", delivery, "deadline..application",
                                        {{"wait", "wfi"}, {"load", "idle"}, {"stamps", stamps}});
            EXPECT_EQ(end_to_end.at("count"), 120'000);
            EXPECT_EQ(end_to_end.at("min"), end_to_end.at("max")) << "a wake-up was not exact";
        }
    }
    for (const char* const order : {"sequential", "random", "page-random"}) {
        for (const char* const delivery : {"native", "injected"}) {
            const json params{
                {"bytes", 268'435'456}, {"order", order}, {"stage1", "lpae-4K"}, {"tlb", "warm"}};
            EXPECT_EQ(row(run, "chase", delivery, "load", params).at("mean"), 1);
        }
    }
}

TEST(PaperChase, OfOneLineAPageIn256MegabytesRunsInEveryCellWithinThreeMinutes) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out",
                 "--suite paper --only chase --set order=page-random --set memory=3G "
                 "--time-limit 180");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    std::set<std::string> cells;
    for (const json& one : run.at("results")) {
        if (one.at("layer") == "load" && one.at("params").at("bytes") == 268'435'456) {
            cells.insert(one.at("params").at("stage1").get<std::string>() + " " +
                         one.at("regime").get<std::string>() + " " + one.value("stage2", ""));
            EXPECT_EQ(one.at("mean"), 1);
        }
    }
    EXPECT_EQ(cells.size(), 29U);
    for (const json& one : run.at("skipped")) {
        const std::string reason = one.at("reason");
        EXPECT_TRUE(reason.starts_with("blocks of 1 GB") || reason.starts_with("without")) << one;
    }
}

}  // namespace
}  // namespace hm::test
