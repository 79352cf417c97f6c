#include "host/judge/golden.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/host/judge/verdict_state.hpp"

namespace hm::host::testing {
namespace {

Row timer_row(double mean, const char* layer = "deadline..application") {
    Row row;
    row.workload = "timer";
    row.regime = "nested";
    row.delivery = "injected";
    row.params = {{"wait", std::string("wfi")}, {"stamps", std::uint64_t{0}}};
    row.layer = layer;
    row.unit = "instructions";
    row.count = 3;
    row.min = mean - 1;
    row.mean = mean;
    row.max = mean + 1;
    row.histogram = {{mean - 1, 1}, {mean, 1}, {mean + 1, 1}};
    return row;
}

Results run_of(std::vector<Row> rows) {
    Results results;
    results.board = "virt";
    results.machine = "qemu-virt";
    results.compiler = "12.2.1 20221205";
    results.parameters = {{"suite", std::string("quick")},
                          {"bytes", std::uint64_t{4096}},
                          {"order", std::string("any")}};
    results.rows = std::move(rows);
    results.host =
        R"json({"qemu":{"version":"QEMU emulator version 7.2.15 (Debian 1:7.2+dfsg-7)","cores":1}})json";
    return results;
}

const Results kRun = run_of({timer_row(37), timer_row(49, "other")});

TEST(HostGolden, TheSameRunIsEqual) {
    const GoldenCheck check = judge_golden(kRun, golden_text(kRun), true);
    ASSERT_TRUE(check.verdict);
    EXPECT_TRUE(check.verdict->ok) << check.verdict->detail;
    EXPECT_TRUE(has(check.verdict->detail, "2 rows")) << check.verdict->detail;
}

/// What is said of a run whose first row is `row`, instead of kRun's.
std::string said_of(const Row& row) {
    const GoldenCheck check =
        judge_golden(run_of({row, timer_row(49, "other")}), golden_text(kRun), true);
    EXPECT_TRUE(check.verdict);
    EXPECT_FALSE(check.verdict && check.verdict->ok);
    return check.verdict ? check.verdict->detail : std::string();
}

TEST(HostGolden, AMachineWithMoreCoresHasOthers) {
    Results run = kRun;
    run.host = R"json({"qemu":{"version":"QEMU emulator version 7.2.15","cores":2}})json";
    const GoldenCheck check = judge_golden(run, golden_text(kRun), true);
    EXPECT_FALSE(check.verdict);
    EXPECT_TRUE(has(check.note, "they were made with cores \"1\", and this run has \"2\""))
        << check.note;
}

TEST(HostGolden, OneInstructionMoreIsADifference) {
    EXPECT_TRUE(has(said_of(timer_row(38)), "1 rows differ"));
    EXPECT_TRUE(has(said_of(timer_row(38)), "deadline..application was 3 36 37 38"));
}

TEST(HostGolden, EachStatisticCounts) {
    const Row same = timer_row(37);
    Row row = same;
    row.count = 4;
    EXPECT_FALSE(said_of(row).empty());
    row = same;
    row.min = 35;
    EXPECT_FALSE(said_of(row).empty());
    row = same;
    row.mean = 37.001;
    EXPECT_FALSE(said_of(row).empty());
    row = same;
    row.max = 39;
    EXPECT_FALSE(said_of(row).empty());
    row = same;
    row.histogram = {{36, 2}, {38, 1}};
    EXPECT_FALSE(said_of(row).empty());
}

TEST(HostGolden, OnlyAWholeRunHasToHaveEveryRow) {
    const Results part = run_of({timer_row(37)});
    EXPECT_TRUE(judge_golden(part, golden_text(kRun), false).verdict->ok);
    const GoldenCheck whole = judge_golden(part, golden_text(kRun), true);
    EXPECT_FALSE(whole.verdict->ok);
    EXPECT_TRUE(has(whole.verdict->detail, "did not come")) << whole.verdict->detail;
}

TEST(HostGolden, ARowWithoutAGoldenValueIsADifference) {
    const GoldenCheck check = judge_golden(kRun, golden_text(run_of({timer_row(37)})), false);
    EXPECT_FALSE(check.verdict->ok);
    EXPECT_TRUE(has(check.verdict->detail, "has no golden value")) << check.verdict->detail;
}

/// Why `run` is not compared with the golden values of kRun.
std::string not_compared(const Results& run) {
    const GoldenCheck check = judge_golden(run, golden_text(kRun), true);
    EXPECT_FALSE(check.verdict);
    return check.note;
}

TEST(HostGolden, ValuesHoldOnlyUnderTheirConditions) {
    Results run = kRun;
    run.compiler = "13.1.0";
    EXPECT_TRUE(has(not_compared(run), "compiler \"12.2.1 20221205\", and this run has"));
    run = kRun;
    run.host = R"json({"qemu":{"version":"QEMU emulator version 8.0.1"}})json";
    EXPECT_TRUE(has(not_compared(run), "emulator version 7.2\""));
    run = kRun;
    run.machine = "qemu-virt-secure";
    EXPECT_TRUE(has(not_compared(run), "machine"));
    run = kRun;
    run.board = "vexpress";
    EXPECT_TRUE(has(not_compared(run), "board"));
    run = kRun;
    run.parameters.set("bytes", std::uint64_t{8192});
    EXPECT_TRUE(has(not_compared(run), "bytes=4096, and this run has bytes=8192"));
}

TEST(HostGolden, StampsWithoutIsbAreNotCompared) {
    Results run = kRun;
    run.parameters.set("stamp_isbs", std::uint64_t{0});
    EXPECT_TRUE(has(not_compared(run), "the stamps of this image have no ISB"))
        << not_compared(run);
}

TEST(HostGolden, ARepairOfTheEmulatorAndAFilterChangeNoCondition) {
    Results run = kRun;
    run.host =
        R"json({"qemu":{"version":"QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-9)","cores":1}})json";
    run.parameters.set("order", std::string("random"));
    EXPECT_TRUE(judge_golden(run, golden_text(kRun), true).verdict);
}

TEST(HostGolden, NothingComparedIsNoSuccess) {
    EXPECT_TRUE(has(judge_golden(run_of({}), golden_text(kRun), false).note, "no rows"));
    EXPECT_FALSE(judge_golden(kRun, "", true).verdict);
}

}  // namespace
}  // namespace hm::host::testing
