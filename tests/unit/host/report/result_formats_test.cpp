// Verdicts and rows in the formats of other tools, read by what people read them with.

#include <sstream>

#include "host/report/csv_format.hpp"
#include "host/report/junit_format.hpp"
#include "host/report/markdown_format.hpp"
#include "host/report/tap_format.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/report/consumers.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

/// Three scenarios, one of which was skipped and one of which failed, and a verdict.
Results results_with_outcomes() {
    Results results;
    results.version = "0.1.0";
    results.board = "virt";
    results.machine = "QEMU <virt> & \"more\"";
    results.clock = "instructions";
    results.verdicts = {{"scenario timer wait=wfi native/native", true, "done"},
                        {"scenario timer load=core # 2 native/native", true, "skipped: no # 2"},
                        {"scenario chase a<b & \"c\" nested/injected", false, "a < b & \"c\" # \\"},
                        {"log complete", true, "12 records"}};
    results.host = R"({"started":"2026-11-26T15:00:00Z","seconds":3.5,"scenario_seconds":)"
                   R"([["timer wait=wfi native/native",1.25],)"
                   R"(["chase a<b & \"c\" nested/injected",2.0]]})";
    return results;
}

TEST_F(Consumers, JunitParserFindsEachScenarioAndVerdict) {
    (void)write("junit.xml", junit_text(Grouped(results_with_outcomes()), 80));
    EXPECT_EQ(
        python("from junitparser import JUnitXml\n"
               "x = JUnitXml.fromfile('junit.xml')\n"
               "print(x.tests, x.failures, x.time)\n"
               "for s in x:\n"
               "  print(s.name, s.tests, s.failures, s.skipped, s.time, s.timestamp)\n"
               "  for c in s:\n"
               "    r = c.result\n"
               "    print(c.classname, c.name, c.time, *[(type(o).__name__, o.message) for o in "
               "r])\n"
               "p = {q.name: q.value for q in list(x)[0].properties()}\n"
               "print(p['machine'])\n"),
        "4 1 3.25\n"
        "hypmeter.timer 2 0 1 1.25 2026-11-26T15:00:00\n"
        "hypmeter.timer timer wait=wfi native/native 1.25\n"
        "hypmeter.timer timer load=core # 2 native/native 0.0 ('Skipped', 'no # 2')\n"
        "hypmeter.chase 1 1 0 2.0 2026-11-26T15:00:00\n"
        "hypmeter.chase chase a<b & \"c\" nested/injected 2.0 ('Failure', 'a < b & \"c\" # "
        "\\\\')\n"
        "hypmeter.verdicts 1 0 0 0.0 2026-11-26T15:00:00\n"
        "hypmeter.verdicts log complete 0.0\n"
        "QEMU <virt> & \"more\"\n");
    EXPECT_EQ(junit_text(Grouped(Results{}), 80), "");
}

TEST_F(Consumers, ProveCountsWhatPassedAndWhatDidNot) {
    Results results = results_with_outcomes();
    (void)write("run.tap", tap_text(Grouped(results), 80));
    const std::string failed = shell("cd $D; prove --exec cat run.tap");
    EXPECT_TRUE(has(failed, "Failed test:  3\n"));
    EXPECT_TRUE(has(failed, "Tests: 4 Failed: 1"));
    EXPECT_FALSE(has(failed, "Parse errors"));
    EXPECT_TRUE(has(failed, "Result: FAIL"));
    EXPECT_TRUE(has(read("run.tap"), "  duration_ms: 1250\n"));
    results.verdicts[2].ok = true;
    (void)write("run.tap", tap_text(Grouped(results), 80));
    const std::string passed = shell("cd $D; prove -v --exec cat run.tap");
    EXPECT_TRUE(has(passed, "Result: PASS"));
    EXPECT_TRUE(has(passed, "1 skipped") || has(passed, "# SKIP no \\# 2")) << passed;
    EXPECT_EQ(tap_text(Grouped(Results{}), 80), "");
}

TEST_F(Consumers, PythonsCsvModuleReadsEveryRow) {
    Results results = judged_results(
        parse_log(timer_log({{kNative, "wfi", "idle", 0, 90, 90},
                             {"nested/shared", "wfi", "vm-compute", 2000, 150, 250}})));
    results.rows[0].unit = "odd \"unit\", here";
    results.rows[0].mean = 0.1;
    (void)write("rows.csv", csv_text(Grouped(results), 80));
    const std::string said = python(
        "import csv\n"
        "rows = list(csv.DictReader(open('rows.csv', newline='')))\n"
        "print(len(rows), rows[0]['unit'], float(rows[0]['mean']))\n"
        "print(all(None not in r and None not in r.values() for r in rows))\n"
        "print([r['max'] for r in rows if r['delivery'] == 'shared' and "
        "r['param.stamps'] == '0' and "
        "r['layer'] == 'deadline..application'])\n");
    EXPECT_EQ(said, fmt::format("{} odd \"unit\", here 0.1\nTrue\n['250']\n", results.rows.size()));
    EXPECT_EQ(csv_text(Grouped(Results{}), 80), "");
}

TEST_F(Consumers, EveryLineOfAMarkdownTableHasAsManyCellsAsItsHeader) {
    Results results = judged_results(parse_log(timer_log(all_fake_timers())));
    results.verdicts.push_back({"a | b", false, "c `d` *e*"});
    const std::string text = markdown_text(Grouped(results), 80);
    EXPECT_TRUE(has(text, "**NOT OK**"));
    EXPECT_TRUE(has(text, "| a \\| b | c \\`d\\` \\*e\\* |\n"));
    EXPECT_TRUE(has(text, "\n## timer\n\n| what |"));
    std::istringstream lines(text);
    std::size_t cells = 0;
    std::size_t checked = 0;
    for (std::string line; std::getline(lines, line);) {
        std::size_t bars = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
        }
        if (!line.starts_with('|')) {
            cells = 0;
        } else if (cells == 0) {
            cells = bars;
        } else {
            EXPECT_EQ(bars, cells) << line;
            ++checked;
        }
    }
    EXPECT_GT(checked, results.rows.size());
    EXPECT_EQ(markdown_text(Grouped(Results{}), 80), "");
}

}  // namespace
}  // namespace hm::host::testing
