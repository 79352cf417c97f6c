// Timer rows in the formats of other tools, read by what people read them with.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "host/base/process.hpp"
#include "host/report/cyclictest_format.hpp"
#include "host/report/cyclictest_json_format.hpp"
#include "host/report/histogram_format.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

Results results_of(const std::vector<FakeTimer>& fakes) {
    return judged_results(parse_log(timer_log(fakes)));
}

class HostFormats : public ScriptTest {
  protected:
    /// What a shell says to `body`, where `$D` is the test's folder.
    std::string shell(const std::string& body) const {
        std::string said;
        const ProcessEnd end = run_process(
            {script("sh", body), {}}, ProcessLimits{},
            [&said](std::string_view more) { said += more; },
            [&said](std::string_view more) { said += more; });
        EXPECT_EQ(end.ending, Ending::kExited);
        return said;
    }
};

TEST_F(HostFormats, CyclictestPrintsAColumnForEachRowWithoutStampsAndEveryBin) {
    const Results results = results_of({{kNative, "wfi", "idle", 0, 90, 90},
                                        {"nested/shared", "wfi", "vm-compute", 2000, 150, 250}});
    std::string bins;
    for (int bin = 0; bin <= 250; ++bin) {
        bins += fmt::format("{:06} {:06}\t{:06}\n", bin, bin == 90 ? 1000 : 0,
                            bin == 150 || bin == 245 ? 500 : 0);
    }
    EXPECT_EQ(
        cyclictest_text(Grouped(results), 80),
        "# hypmeter 0.1.0 on QEMU virt, Cortex-A15: timer rows without stamps, in the form of "
        "cyclictest\n"
        "# unit of all delays: instructions; from 256 ticks of the clock on, a bin holds up to "
        "0.8 % more\n"
        "# column 2: wfi idle native\n"
        "# column 3: wfi vm-compute shared 2 ms\n"
        "# Histogram\n" +
            bins +
            "# Total: 000001000 000001000\n"
            "# Min Latencies: 00090 00150\n"
            "# Avg Latencies: 00090 00200\n"
            "# Max Latencies: 00090 00250\n"
            "# Histogram Overflows: 00000 00000\n"
            "# Histogram Overflow at cycle number:\n"
            "# Thread 0:\n"
            "# Thread 1:\n");
    EXPECT_EQ(cyclictest_text(Grouped(Results{}), 80), "");
}

TEST_F(HostFormats, TheUsualPlotScriptsTakeCyclictestsFormat) {
    (void)write("output", cyclictest_text(Grouped(results_of(all_fake_timers())), 80));
    EXPECT_EQ(shell("cd $D; grep 'Max Latencies' output | tr ' ' '\\n' | sort -n | tail -1 |"
                    " sed s/^0*//"),
              "10000500\n");
    // The tenth thread is shared 1 ms, and waits for a slice in half of its wake-ups.
    EXPECT_EQ(shell("cd $D; grep -v -e '^#' -e '^$' output | tr ' ' '\\t' >histogram\n"
                    "cut -f1,11 histogram >histogram10; grep -v 000000$ histogram10\n"
                    "grep Overflows: output | cut -d' ' -f13; wc -l <histogram10"),
              "000086\t000500\n00500\n20000\n");
    // A bar is as wide as the way to its neighbours.
    EXPECT_EQ(shell("cd $D; grep -A1 -B1 ^000086 histogram10 | cut -f1"),
              "000085\n000086\n000087\n");
    EXPECT_EQ(
        shell("cd $D; gnuplot -e 'set terminal svg; set output \"plot.svg\"; set xrange [0:400];"
              " plot \"histogram10\" using 1:2 title \"T10\" with histeps'"),
        "");
    EXPECT_TRUE(has(read("plot.svg"), "</svg>"));
}

TEST_F(HostFormats, CyclictestsJsonIsThatOfRtTests) {
    Results results = results_of({{kNative, "wfi", "idle", 0, 90, 90},
                                  {"nested/shared", "wfi", "vm-compute", 2000, 150, 250}});
    results.host = R"({"started":"2026-11-26T15:00:00Z","seconds":61})";
    const Json json = Json::parse(cyclictest_json_text(Grouped(results), 80));
    EXPECT_EQ(json["file_version"], 1);
    EXPECT_EQ(json["num_threads"], 2);
    EXPECT_EQ(json["unit"], "instructions");
    EXPECT_EQ(json["start_time"], "Thu, 26 Nov 2026 15:00:00 +0000");
    EXPECT_EQ(json["end_time"], "Thu, 26 Nov 2026 15:01:01 +0000");
    EXPECT_EQ(json["sysinfo"]["nodename"], "virt");
    EXPECT_EQ(json["thread"]["0"]["histogram"], (Json{{"90", 1000}}));
    EXPECT_EQ(json["thread"]["1"]["histogram"], (Json{{"150", 500}, {"245", 500}}));
    EXPECT_EQ(json["thread"]["1"]["cycles"], 1000);
    EXPECT_EQ(json["thread"]["1"]["max"], 250);
    EXPECT_EQ(json["thread"]["1"]["avg"], 200);
    EXPECT_EQ(cyclictest_json_text(Grouped(Results{}), 80), "");
}

TEST_F(HostFormats, DelaysAreNanosecondsWhereTheFrequencyIsKnown) {
    Results results = results_of({{kNative, "wfi", "idle", 0, 90, 90}});
    results.clock = "cycles";
    results.ticks_hz = 1'700'000'000;
    results.parameters.set("counter_hz", std::uint64_t{500'000'000});
    for (Row& row : results.rows) {
        row.unit = "counter ticks";
    }
    const std::string text = cyclictest_text(Grouped(results), 80);
    EXPECT_TRUE(has(text, "# unit of all delays: ns;"));
    EXPECT_TRUE(has(text, "\n000180 001000\n")) << "by the counter that measured them";
    EXPECT_TRUE(has(text, "# Max Latencies: 00180\n"));
    EXPECT_EQ(Json::parse(cyclictest_json_text(Grouped(results), 80))["unit"], "ns");
}

TEST_F(HostFormats, AHistogramHasBarsThatGrowWithTheLogarithm) {
    Results results = results_of({{kNative, "wfi", "idle", 0, 90, 90}});
    for (Row& row : results.rows) {
        row.histogram = {{90, 1000}, {95, 1}, {99, 10}};
        row.max = 99;
    }
    const std::string text = histogram_text(Grouped(results), 32);
    EXPECT_TRUE(has(text, "wfi idle native: 1000 wake-ups,\n  90 to 99\n"));
    // A thousand is four marks high, ten two, one one; the widest line has room for 21.
    EXPECT_TRUE(has(text, "90  1,000  " + std::string(21, '#') + "\n")) << text;
    EXPECT_TRUE(has(text, "95      1  " + std::string(5, '#') + "\n"));
    EXPECT_TRUE(has(text, "99     10  " + std::string(10, '#') + "\n"));
    EXPECT_EQ(histogram_text(Grouped(Results{}), 80), "");
}

TEST_F(HostFormats, ALongHistogramIsCutIntoFewBinsOfEqualWidthAndLosesNothing) {
    Results results = results_of({{kNative, "wfi", "idle", 0, 90, 90}});
    std::uint64_t all = 0;
    for (Row& row : results.rows) {
        row.histogram.clear();
        for (unsigned i = 0; i < 100; ++i) {
            // Nothing between 290 and 630.
            row.histogram.emplace_back(i < 30 ? i * 10 : 600 + i, 7);
        }
        row.max = 701;
        all = 700;
    }
    std::istringstream lines(histogram_text(Grouped(results), 60));
    std::uint64_t counted = 0;
    std::size_t bins = 0;
    std::size_t empty = 0;
    double last = -1;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        double low = 0;
        std::uint64_t count = 0;
        if (words >> low >> count) {
            EXPECT_EQ(low - last, last < 0 ? 1 : 44) << line;
            last = low;
            counted += count;
            ++bins;
            empty += count == 0 ? 1 : 0;
        }
    }
    EXPECT_EQ(counted, all);
    EXPECT_EQ(bins, 16u);
    EXPECT_EQ(empty, 7u);
}

}  // namespace
}  // namespace hm::host::testing
