#include "host/guest/suite_results.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/host/report/consumers.hpp"

namespace hm::host::testing {
namespace {

SuiteSide side_of(std::string_view console) {
    SuiteSide side;
    side.text = parse_unit_test(console);
    side.has_ended = side.text.status.has_value();
    side.problem = side.has_ended ? why_no_success(side.text) : "no end within the time limit";
    side.seconds = 1.25;
    return side;
}
SuiteSide passing() { return side_of("PASS: a\nPASS: b\nSUMMARY: 2 tests\nEXIT: STATUS=1\n"); }
SuiteSide failing() {
    return side_of("PASS: a\nFAIL: b <c> # d\nSUMMARY: 2 tests, 1 x\nEXIT: STATUS=3\n");
}
SuiteSide skipping() { return side_of("SKIP: a\nSUMMARY: 1 tests, 1 skipped\nEXIT: STATUS=77\n"); }
SuiteSide endless() { return side_of("PASS: a\n"); }

SuiteRow row_of(std::string_view name, std::optional<SuiteSide> natively,
                std::optional<SuiteSide> in_monitor) {
    return {.test = {name, "some.flat", "one two", 2, 8},
            .skipped = {},
            .natively = std::move(natively),
            .in_monitor = std::move(in_monitor)};
}
SuiteRow row_without_file() {
    SuiteRow row = row_of("absent", {}, {});
    row.skipped = "no file some.flat";
    return row;
}

SuiteResults results_of(std::vector<SuiteRow> rows) {
    SuiteResults results;
    results.folder = "tests";
    results.version = "0.1.0";
    results.board = "virt";
    results.machine = "QEMU virt";
    results.started = "2026-11-26T15:00:00Z";
    results.rows = std::move(rows);
    return results;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(SuiteResults, OnlyWhatFailsInTheMonitorFailsTheRun) {
    EXPECT_TRUE(results_of({row_of("a", passing(), passing())}).ok());
    EXPECT_TRUE(results_of({row_of("a", failing(), passing())}).ok());
    EXPECT_TRUE(results_of({row_of("a", endless(), passing())}).ok());
    EXPECT_FALSE(results_of({row_of("a", passing(), failing())}).ok());
    EXPECT_FALSE(results_of({row_of("a", passing(), passing()), row_of("b", {}, endless())}).ok());
    EXPECT_TRUE(results_of({row_of("a", passing(), passing()), row_without_file(),
                            row_of("c", skipping(), skipping())})
                    .ok());
}

TEST(SuiteResults, ARunInWhichNothingPassedIsNoSuccess) {
    EXPECT_FALSE(results_of({}).ok());
    EXPECT_FALSE(results_of({row_without_file()}).ok());
    EXPECT_FALSE(results_of({row_of("a", passing(), skipping())}).ok());
    EXPECT_TRUE(contains(suite_text(results_of({row_without_file()}), 80),
                         "FAILED: no test passed in the monitor."));
}

TEST(SuiteResults, AnInterruptedRunIsNoSuccess) {
    SuiteResults results = results_of({row_of("a", passing(), passing())});
    results.interrupted = true;
    EXPECT_FALSE(results.ok());
}

TEST(SuiteResults, WhereAllIsNativeEachTestMustEndButMayFail) {
    SuiteResults results =
        results_of({row_of("a", passing(), {}), row_of("b", failing(), {}), row_without_file()});
    results.only_natively = true;
    EXPECT_TRUE(results.ok());
    EXPECT_TRUE(contains(suite_text(results, 80), "ok: 1 test passed natively, 1 skipped."));
    EXPECT_FALSE(contains(suite_text(results, 80), "in the monitor"));
    results.rows.push_back(row_of("c", endless(), {}));
    EXPECT_FALSE(results.ok());
    EXPECT_TRUE(contains(suite_text(results, 80), "FAILED: 1 test did not end natively."));
}

TEST(SuiteResults, TheTableHasARowForEachTestAndWhatFailedBelow) {
    EXPECT_EQ(suite_text(results_of({row_of("good", passing(), passing()),
                                     row_of("bad", failing(), failing()),
                                     row_of("stuck", skipping(), endless()), row_without_file()}),
                         80),
              "test    arguments  CPUs   natively  in the monitor  seconds\n"
              "good    one two       2     2 of 2          2 of 2      2.5\n"
              "bad     one two       2     1 of 2          1 of 2      2.5\n"
              "stuck   one two       2  1 skipped  1 of 1, no end      2.5\n"
              "absent  one two       2          -               -        -\n"
              "\n"
              "bad, natively: failed: b <c> # d\n"
              "bad, in the monitor: failed: b <c> # d\n"
              "stuck, natively: it skipped all of its checks\n"
              "stuck, in the monitor: no end within the time limit\n"
              "absent: skipped: no file some.flat\n"
              "\n"
              "What fails natively does not fail the run: there the GIC and the memory are the\n"
              "machine's own, not the monitor's.\n"
              "\n"
              "FAILED: 2 tests failed in the monitor.\n");
}

TEST(SuiteResults, ALineSaysHowARowEnded) {
    EXPECT_EQ(suite_row_text(row_of("bad", failing(), endless())),
              "bad: natively 1 of 2, in the monitor 1 of 1, no end (2.5 s)");
    EXPECT_EQ(suite_row_text(row_without_file()), "absent: skipped: no file some.flat");
}

TEST(SuiteResults, TapHasAPointForEachWayAndSkipsWhatDoesNotCount) {
    EXPECT_EQ(suite_tap(results_of({row_of("bad", failing(), failing()), row_without_file()}), 80),
              "TAP version 13\n"
              "1..4\n"
              "ok 1 - bad (one two, 2 CPUs) natively # SKIP failed: b <c> \\# d\n"
              "  ---\n  duration_ms: 1250\n  ...\n"
              "ok 2 - absent (one two, 2 CPUs) natively # SKIP no file some.flat\n"
              "not ok 3 - bad (one two, 2 CPUs) in the monitor\n"
              "  ---\n  message: \"failed: b <c> # d\"\n  duration_ms: 1250\n  ...\n"
              "ok 4 - absent (one two, 2 CPUs) in the monitor # SKIP no file some.flat\n");
}

TEST(SuiteResults, TapOfANativeRunHasNoPointsOfTheMonitor) {
    SuiteResults results = results_of({row_of("good", passing(), {}), row_without_file()});
    results.only_natively = true;
    EXPECT_TRUE(contains(suite_tap(results, 80), "1..2\n"));
}

TEST(SuiteResults, JsonHasEachCheckThatFailed) {
    const auto json = nlohmann::json::parse(
        suite_json(results_of({row_of("bad", passing(), failing()), row_without_file()}), 80));
    EXPECT_EQ(json.at("ok"), false);
    EXPECT_EQ(json.at("tests").size(), 2U);
    const auto& row = json.at("tests")[0];
    EXPECT_EQ(row.at("name"), "bad");
    EXPECT_EQ(row.at("arguments"), "one two");
    EXPECT_EQ(row.at("natively").at("passed"), 2);
    EXPECT_EQ(row.at("monitor").at("failed"), nlohmann::json::array({"b <c> # d"}));
    EXPECT_EQ(row.at("monitor").at("status"), 3);
    EXPECT_EQ(json.at("tests")[1].at("skipped"), "no file some.flat");
    EXPECT_FALSE(json.at("tests")[1].contains("monitor"));
}

TEST_F(Consumers, JunitParserReadsTheTestsOfASuite) {
    (void)write(
        "junit.xml",
        suite_junit(results_of({row_of("bad", failing(), failing()), row_without_file()}), 80));
    EXPECT_EQ(python("from junitparser import JUnitXml\n"
                     "x = JUnitXml.fromfile('junit.xml')\n"
                     "print(x.tests, x.failures, x.time)\n"
                     "for s in x:\n"
                     "  print(s.name, s.tests, s.failures, s.skipped, s.timestamp)\n"
                     "  for c in s:\n"
                     "    print(c.name, *[(type(o).__name__, o.message) for o in c.result])\n"
                     "print({q.name: q.value for q in list(x)[0].properties()}['suite'])\n"),
              "4 1 2.5\n"
              "hypmeter.natively 2 0 2 2026-11-26T15:00:00\n"
              "bad (one two, 2 CPUs) natively ('Skipped', 'failed: b <c> # d')\n"
              "absent (one two, 2 CPUs) natively ('Skipped', 'no file some.flat')\n"
              "hypmeter.monitor 2 1 1 2026-11-26T15:00:00\n"
              "bad (one two, 2 CPUs) in the monitor ('Failure', 'failed: b <c> # d')\n"
              "absent (one two, 2 CPUs) in the monitor ('Skipped', 'no file some.flat')\n"
              "kvm-unit-tests\n");
}

}  // namespace
}  // namespace hm::host::testing
