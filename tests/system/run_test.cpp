// The tool and the image together, under QEMU.

#include <gtest/gtest.h>

#include <fstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(QuickRun, IsGreenAndRepeatsToTheByte) {
    const ScratchFolder scratch;
    const Finished first = run_tool(scratch / "a", "");
    EXPECT_EQ(first.status, 0) << first.output;
    const Finished second = run_tool(scratch / "b", "");
    EXPECT_EQ(second.status, 0) << second.output;

    json a = results(scratch / "a");
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
    EXPECT_TRUE(read_text(scratch / "a" / "qemu.log").empty()) << "QEMU complained";
}

TEST(QuickRun, MeetsItsTargets) {
    const ScratchFolder scratch;
    ASSERT_EQ(run_tool(scratch / "out", "").status, 0);
    const json run = results(scratch / "out");
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
    const ScratchFolder scratch;
    ASSERT_EQ(run_tool(scratch / "out", "--only timer,hypercall").status, 0);
    const json run = results(scratch / "out");
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
    EXPECT_LE(row(run, "hypercall", "shared", "hyp-instructions", {{"path", "switch"}})
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
            "-nic none -nographic -semihosting -append bogus=1 -kernel " +
            image() + " </dev/null");
    EXPECT_EQ(finished.status, 2) << finished.output;
    EXPECT_NE(finished.output.find("unknown parameter: bogus=1"), std::string::npos)
        << finished.output;
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
                              "qemu-system-arm \"$@\" &\n"
                              "child=$!\n"
                              "sleep 2\n"
                              "kill -9 $child\n"
                              "wait $child\n";
    ASSERT_EQ(run("chmod +x " + wrapper).status, 0);
    const Finished finished =
        run_tool(scratch / "out", "--suite paper --only chase,timer --qemu " + wrapper);
    EXPECT_EQ(finished.status, 1);
    EXPECT_NE(finished.output.find("native"), std::string::npos)
        << "it does not name a scenario: " << finished.output;
    const json log = verdict(results(scratch / "out"), "log complete");
    ASSERT_FALSE(log.is_null());
    EXPECT_FALSE(log.at("ok").get<bool>());
}

TEST(Misbehaviour, AFaultInHypPrintsItsRegistersAndFails) {
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu cortex-a15 "
            "-nic none -nographic -semihosting -kernel " +
            image("-fault") + " </dev/null");
    EXPECT_EQ(finished.status, 3) << finished.output;
    EXPECT_NE(finished.output.find("fault in HYP: data abort"), std::string::npos);
    EXPECT_NE(finished.output.find("translation fault, level 3, write of 4 bytes"),
              std::string::npos)
        << finished.output;
    EXPECT_NE(finished.output.find("HDFAR"), std::string::npos);
}

TEST(Entry, AMachineWithoutHypModeIsRefusedInOneLine) {
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt -cpu cortex-a15 -nographic -semihosting -kernel " +
            image() + " </dev/null");
    EXPECT_NE(finished.status, 0);
    EXPECT_NE(finished.status, 124) << "it did not end by itself";
    EXPECT_NE(finished.output.find("virtualization=on"), std::string::npos) << finished.output;
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
    for (const std::string delivery : {"native", "injected"}) {
        EXPECT_EQ(row(run, "chase", delivery, "load", {{"bytes", 268'435'456}, {"order", "random"}})
                      .at("mean"),
                  1);
    }
}

}  // namespace
}  // namespace hm::test
