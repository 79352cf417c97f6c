// What reports call the machine of a run.

#include "host/report/machine_name.hpp"

#include <gtest/gtest.h>

#include <array>

#include "host/report/formats.hpp"
#include "host/report/plots.hpp"
#include "host/report/tables.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/gem5_run.hpp"
#include "tests/unit/host/rows/memory_log.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

constexpr const char* kGem5Name = "gem5 24.0.0.1, ex5_big-like";

/// Every workload, timed by gem5.
const Results& on_gem5() {
    static const Results once = [] {
        Results results = judged_results(parse_log(timer_log()));
        const Results memory = results_of(parse_log(memory_log(FakeMemory{})));
        results.rows.insert(results.rows.end(), memory.rows.begin(), memory.rows.end());
        results = as_gem5(results);
        results.verdicts = {{"one", true, ""}};
        return results;
    }();
    return once;
}

Results named(const std::string& board, const std::string& machine, const std::string& host) {
    Results results;
    results.board = board;
    results.machine = machine;
    results.host = host;
    return results;
}

TEST(HostMachineName, IsGem5sVersionAndCoreAndElsewhereWhatTheTargetSays) {
    EXPECT_EQ(machine_name(on_gem5()), kGem5Name);
    EXPECT_EQ(machine_and_board(on_gem5()),
              std::string(kGem5Name) + ", with the image of vexpress");
    const Results qemu = named("virt", "QEMU virt", R"({"qemu":{"version":"QEMU 7.2"}})");
    EXPECT_EQ(machine_and_board(qemu), "QEMU virt");
    EXPECT_FALSE(is_gem5(qemu));
    const Results serial =
        named("arndale", "Arndale (Exynos 5250)", R"({"serial":{"speed":115200}})");
    EXPECT_EQ(machine_and_board(serial), "Arndale (Exynos 5250), board arndale");
    // A log that gem5 made, read elsewhere: nobody says which gem5.
    const Results log = named("vexpress", "gem5 VExpress_GEM5_V1", "{}");
    EXPECT_TRUE(is_gem5(log));
    EXPECT_EQ(machine_name(log), "gem5 VExpress_GEM5_V1");
}

TEST(HostMachineName, SurvivesARecordWithoutVersionOrConfiguration) {
    EXPECT_EQ(machine_name(named("vexpress", "gem5 V", R"({"gem5":{"version":"25.1"}})")),
              "gem5 25.1");
    EXPECT_EQ(
        machine_name(named("vexpress", "gem5 V", R"({"gem5":{"configuration":"O3_ARM, x"}})")),
        "gem5, O3_ARM-like");
    EXPECT_EQ(machine_name(named("vexpress", "gem5 V", R"({"gem5":{"version":["\u0007"]}})")),
              "gem5 V");
}

TEST(HostMachineName, EveryFormatThatNamesAMachineNamesGem5) {
    for (const char* const name : {"text", "html", "trace", "junit", "csv", "markdown",
                                   "cyclictest", "cyclictest-json", "lmbench"}) {
        const OutputFormat* const format = find_format(name);
        ASSERT_NE(format, nullptr) << name;
        const GroupedRows rows(on_gem5().rows);
        const Formatted said = format->print({{on_gem5(), rows}, "", "", 500});
        // Markdown's own marks are escaped.
        const bool escapes = std::string_view(name) == "markdown";
        EXPECT_NE(said.text.find(escapes ? "gem5 24.0.0.1, ex5\\_big-like" : kGem5Name),
                  std::string::npos)
            << name;
        EXPECT_EQ(said.text.find("gem5 VExpress_GEM5_V1"), std::string::npos) << name;
    }
    const std::vector<Plot> plots = plots_of(Grouped(on_gem5()));
    ASSERT_FALSE(plots.empty());
    for (const Plot& plot : plots) {
        EXPECT_TRUE(has(plot.script, kGem5Name));
    }
}

/// All sentences with a word, each as far as the next full stop or line.
std::vector<std::string> places_of(const std::string& text, const std::string& word) {
    std::vector<std::string> places;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t from = at < 40 ? 0 : at - 40;
        places.push_back(text.substr(from, 90));
    }
    return places;
}

TEST(HostMachineName, AnArndaleIsOnlyThePapersInAReportOfGem5) {
    for (const char* const name : {"text", "html"}) {
        const GroupedRows rows(on_gem5().rows);
        const std::string said = find_format(name)->print({{on_gem5(), rows}, "", "", 500}).text;
        const auto places = places_of(said, "Arndale");
        EXPECT_FALSE(places.empty());
        for (const std::string& place : places) {
            const bool paper = place.find("paper") != std::string::npos ||
                               place.find("not an Arndale") != std::string::npos ||
                               place.find("Arndale: host") != std::string::npos ||
                               place.find("Arndale: guest") != std::string::npos ||
                               place.find("its Arndale") != std::string::npos;
            const bool escaped = place.find("not an Arndale&apos;s") != std::string::npos;
            EXPECT_TRUE(paper || escaped) << place;
        }
        EXPECT_EQ(places_of(said, "board vexpress").size(), 0U) << name;
        EXPECT_TRUE(has(said, "a core that gem5 24.0.0.1, ex5_big-like simulates"));
    }
    const std::string text = results_text(Grouped(on_gem5()), Verbosity::kSummary, 200);
    EXPECT_TRUE(has(text, "gem5's parameters: l2_tlb 512, prefetcher none"));
    EXPECT_TRUE(has(text, "each is right to +/- 1 tick of 25.0 MHz, 68 cycles at 1700 MHz"));
}

TEST(HostMachineName, TablesOfDelaysHaveNanosecondsBesideTheirUnits) {
    const std::string text = results_text(Grouped(on_gem5()), Verbosity::kFull, 250);
    // 24 instructions are 72 cycles, 3 are 9 of the counter's 68.
    EXPECT_TRUE(has(line_with(text, "guest-vector..guest-acknowledged"), "cycles 72 72 72 72"))
        << text;
    EXPECT_TRUE(has(line_with(text, "guest-vector..guest-acknowledged"), "42.4 42.4 42.4 42.4"));
    EXPECT_TRUE(has(line_with(text, "deadline..guest-vector"), "counter ticks 0.132"));
    EXPECT_TRUE(has(line_with(text, "deadline..guest-vector"), "5.3"));
    EXPECT_TRUE(has(line_with(text, "deadline to application"), "mean ns p95 ns max ns"));
    EXPECT_TRUE(has(text, "(A) native ns"));
    // 50 instructions, read from the counter: 150 cycles of 1.7 GHz.
    EXPECT_TRUE(has(text, "An interrupt reaches the application after 88.2 ns natively, "));
}

}  // namespace
}  // namespace hm::host::testing
