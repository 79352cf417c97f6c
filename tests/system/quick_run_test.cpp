// Suite quick: its figures, and that they repeat.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/system/browser.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// The quick suite, run once for all tests of a process.
struct Recorded {
    Finished finished;
    json results;
    std::string complaints;  ///< QEMU's
    Finished page;           ///< its report as HTML
};

const Recorded& quick_run() {
    static const Recorded once = [] {
        const ScratchFolder scratch;
        const Finished finished = run_tool(scratch / "out", "");
        return Recorded{finished, results(scratch / "out"), read_text(scratch / "out" / "qemu.log"),
                        run(std::string(HYPMETER_TOOL) + " report " + (scratch / "out").string() +
                            " --format html")};
    }();
    return once;
}

TEST(QuickRun, IsGreenAndRepeatsToTheByteOnTwoMachines) {
    const ScratchFolder scratch;
    const Finished& first = quick_run().finished;
    EXPECT_EQ(first.status, 0) << first.output;
    const Finished second = run_tool(scratch / "b", "--machines 2");
    EXPECT_EQ(second.status, 0) << second.output;

    json a = quick_run().results;
    json b = results(scratch / "b");
    ASSERT_TRUE(a.contains("host") && b.contains("host"));
    EXPECT_GT(a.at("results").size(), 40U);
    EXPECT_FALSE(a.at("host").contains("machines"));
    EXPECT_EQ(b.at("host").at("machines"), 2);
    EXPECT_GT(b.at("host").at("parts"), 2);
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

TEST(QuickRun, PrintsTheTablesThatTheDocumentsShow) {
    const ScratchFolder scratch;
    std::ofstream(scratch / "printed") << quick_run().finished.output;
    const Finished finished = run(std::string(HYPMETER_SOURCE_DIR) + "/docs/renew.py --check < '" +
                                  (scratch / "printed").string() + "'");
    EXPECT_EQ(finished.status, 0) << finished.output;
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

TEST(QuickRun, RunsWithoutAFolderOfItsOwnMaking) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "deep" / "er", "--only hypercall");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_TRUE(std::filesystem::exists(scratch / "deep" / "er" / "uart.log"));
}

TEST(QuickRun, PageHasWholeFiguresAndFitsAScreenAndAPhone) {
    if (find_browser().empty()) {
        const char* const ci = std::getenv("CI");
        ASSERT_STRNE(ci == nullptr ? "" : ci, "true") << "no chromium to look at the page with";
        GTEST_SKIP() << "no chromium to look at the page with";
    }
    ASSERT_EQ(quick_run().page.status, 0) << quick_run().page.output.substr(0, 1000);
    // Six ways of an interrupt and four of a fault; five figures that have one form for each width.
    constexpr int kFigures = 15;
    for (const int width : {1400, 390}) {
        const ScratchFolder scratch;
        std::filesystem::create_directory(scratch / "page");
        const json seen = look_at(scratch / "page", quick_run().page.output, width);
        ASSERT_TRUE(seen.is_object());
        EXPECT_EQ(seen.at("width"), width);
        EXPECT_EQ(seen.at("overflow"), 0) << width;
        EXPECT_EQ(seen.at("figures"), kFigures) << width;
        EXPECT_EQ(seen.at("empty"), json::array()) << width;
        EXPECT_EQ(seen.at("cut"), json::array()) << width;
    }
}

}  // namespace
}  // namespace hm::test
