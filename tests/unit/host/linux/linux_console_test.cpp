#include "host/linux/linux_console.hpp"

#include <gtest/gtest.h>

namespace hm::host {
namespace {

// As toolchain/linux/init and cyclictest 2.4 print.
constexpr const char* kConsole =
    "[    0.000000] Booting Linux on physical CPU 0x0\r\n"
    "hm: userland counter=3434074681 frequency=1000000000 now=1305238662 uptime=1.30 "
    "kernel=6.1.0-50-armmp-lpae\r\n"
    "hm: begin cyclictest\r\n"
    "# Histogram\r\n"
    "004224 000002\r\n"
    "004271 000016\r\n"
    "008145 000002\r\n"
    "# Total: 000000020\r\n"
    "# Min Latencies: 04224\r\n"
    "# Avg Latencies: 04653\r\n"
    "# Max Latencies: 08145\r\n"
    "# Histogram Overflows: 00000\r\n"
    "\r\n"
    "# WARN: stat /dev/cpu_dma_latency failed: No such file or directory\r\n"
    "hm: end cyclictest 0\r\n"
    "hm: off\r\n";

std::string cyclictest_part() {
    return read_linux_console(kConsole).programs.at("cyclictest").text;
}

TEST(LinuxConsole, StampsProgramsAndTheEndAreFound) {
    const LinuxConsole console = read_linux_console(kConsole);
    ASSERT_TRUE(console.userland);
    EXPECT_EQ(console.userland->counter, 3'434'074'681U);
    EXPECT_EQ(console.userland->frequency, 1'000'000'000U);
    EXPECT_EQ(console.userland->now_ns, 1'305'238'662U);
    EXPECT_EQ(console.userland->kernel, "6.1.0-50-armmp-lpae");
    ASSERT_EQ(console.programs.size(), 1U);
    EXPECT_EQ(console.programs.at("cyclictest").status, 0);
    EXPECT_TRUE(console.off);
    EXPECT_TRUE(console.refused.empty());
}

TEST(LinuxConsole, AProgramThatDidNotEndHasNoStatus) {
    const std::string all = kConsole;
    const LinuxConsole console = read_linux_console(all.substr(0, all.find("hm: end")));
    EXPECT_FALSE(console.programs.at("cyclictest").status);
    EXPECT_FALSE(console.off);
}

TEST(LinuxConsole, AStampThatIsNoNumberIsNone) {
    EXPECT_FALSE(read_linux_console("hm: userland counter=x frequency=1 now=2\n").userland);
    EXPECT_FALSE(read_linux_console("hm: userland counter=1 frequency=1\n").userland);
}

TEST(LinuxConsole, RefusedWordsAreKept) {
    const LinuxConsole console = read_linux_console("hm: refused dance: an unknown word\n");
    ASSERT_EQ(console.refused.size(), 1U);
    EXPECT_EQ(console.refused[0], "dance: an unknown word");
}

TEST(LinuxCyclictest, PercentilesAreByNearestRank) {
    const auto cyclictest = read_cyclictest(cyclictest_part());
    ASSERT_TRUE(cyclictest);
    EXPECT_EQ(cyclictest->count(), 20U);
    EXPECT_EQ(cyclictest->min, 4224U);
    EXPECT_EQ(cyclictest->mean, 4653U);
    EXPECT_EQ(cyclictest->max, 8145U);
    EXPECT_EQ(cyclictest->percentile(10), 4224U);
    EXPECT_EQ(cyclictest->percentile(11), 4271U);
    EXPECT_EQ(cyclictest->percentile(90), 4271U);
    EXPECT_EQ(cyclictest->percentile(91), 8145U);
    EXPECT_EQ(cyclictest->percentile(100), 8145U);
}

TEST(LinuxCyclictest, WhatWasTooLateForTheHistogramHasNoPercentile) {
    std::string text = cyclictest_part();
    text.replace(text.find("Overflows: 00000"), 16, "Overflows: 00020");
    const auto cyclictest = read_cyclictest(text);
    ASSERT_TRUE(cyclictest);
    EXPECT_EQ(cyclictest->count(), 40U);
    EXPECT_EQ(cyclictest->percentile(50), 8145U);
    EXPECT_FALSE(cyclictest->percentile(51));
}

TEST(LinuxCyclictest, ALineThatIsMissingIsNoticed) {
    for (const char* const line :
         {"# Total: 000000020\n", "# Min Latencies: 04224\n", "004271 000016\n"}) {
        std::string text = cyclictest_part();
        const std::size_t at = text.find(line);
        ASSERT_NE(at, std::string::npos) << line;
        EXPECT_FALSE(read_cyclictest(text.erase(at, std::string_view(line).size()))) << line;
    }
    EXPECT_FALSE(read_cyclictest(""));
}

// LMbench 3, lat_pagefault.c and lat_mem_rd.c.
TEST(LinuxLmbench, ResultsAreInNanoseconds) {
    EXPECT_EQ(read_lat_pagefault("# Pagefaults on /tmp/file: 1.0560 microseconds\n"), 1056.0);
    EXPECT_FALSE(read_lat_pagefault("nothing\n"));
    EXPECT_EQ(read_lat_mem_rd("# \"stride=64\n# 0.00049 1.031\n# 4.00000 1.034\n"), 1.034);
    EXPECT_FALSE(read_lat_mem_rd("\"stride=64\n"));
}

}  // namespace
}  // namespace hm::host
