// Tables and other formats that a run is printed in, and its file.

#include "host/tables.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "host/progress.hpp"
#include "host/report_formats.hpp"
#include "host/verdicts.hpp"
#include "tests/unit/host_log.hpp"

namespace hm::host::testing {
namespace {

Results good() { return make_results(parse_log(good_log())); }

/// The first line that contains `part`, with runs of spaces made one.
std::string line_with(const std::string& text, const std::string& part) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.find(part) != std::string::npos) {
            std::istringstream words(line);
            std::string joined;
            for (std::string word; words >> word;) {
                joined += (joined.empty() ? "" : " ") + word;
            }
            return joined;
        }
    }
    return {};
}

TEST(HostTables, Figure2ComparesWorldsByTheirMeans) {
    const std::string text = figure2_text(good(), 80);
    EXPECT_EQ(line_with(text, "pagefault"), "pagefault pages=256 instructions 812 812 1.00");
    EXPECT_EQ(line_with(text, "chase"), "chase random 8 MB instructions/load 1.125 2.5 2.22");
    EXPECT_FALSE(has(text, "hyp-instructions"));
}

TEST(HostTables, Figure7ShowsLayersInTheOrderOfAWakeUp) {
    const std::string text = figure7_text(good(), 80);
    std::size_t last = 0;
    for (const char* layer : {"deadline..hyp-vector", "hyp-vector..guest-vector",
                              "deadline..guest-vector", "guest-vector..handler"}) {
        const std::size_t at = text.find(layer);
        ASSERT_NE(at, std::string::npos) << layer;
        EXPECT_GT(at, last) << layer;
        last = at;
    }
    EXPECT_EQ(line_with(text, "deadline..hyp-vector"), "deadline..hyp-vector - 4 -");
    EXPECT_EQ(line_with(text, "guest-vector..handler"), "guest-vector..handler 20 20 1.00");
}

TEST(HostTables, Figure7ShowsEndToEndWithAndWithoutStamps) {
    const std::string text = figure7_text(good(), 80);
    EXPECT_EQ(line_with(text, "p95"), "p95 102 202 1.98");
    EXPECT_EQ(line_with(text, "p99.9"), "p99.9 - - -");
    const std::string plain = text.substr(text.find("stamps=0"));
    EXPECT_EQ(line_with(plain, "max"), "max 99 159 1.61");
}

TEST(HostTables, MeansStandInWhereALayerHasNoMedian) {
    EXPECT_TRUE(has(figure7_text(good(), 80), "layer (mean)"));
}

TEST(HostTables, ExitsStandBesideTheirBudgets) {
    const std::string text = exits_text(good(), 80);
    EXPECT_EQ(line_with(text, "null-fast"), "hypercall null-fast 9 9 9 12");
    EXPECT_EQ(line_with(text, "143.625"), "demand pages=256 143.625 143.625 143.625 150");
    EXPECT_EQ(line_with(text, "pagefault"), "");
    EXPECT_EQ(line_with(text, "new table"), "demand pages=256 with new table 801 801 801 -");
    EXPECT_TRUE(line_with(text, "stamps=1").ends_with(" -"));
}

TEST(HostTables, AWorldThatWasNotMeasuredIsADash) {
    LogText log;
    log.begin({"a"}).row("chase", kGuest, Json::object(), "load", 3).scenario("a").end();
    const Results results = make_results(parse_log(log.text()));
    EXPECT_EQ(line_with(figure2_text(results, 80), "chase"), "chase instructions - 3 -");
    EXPECT_EQ(figure7_text(results, 80), "");
    EXPECT_EQ(exits_text(results, 80), "");
}

TEST(HostTables, FailuresAreNamedAndSuccessesCounted) {
    Results results;
    results.verdicts = {{"one", true, "fine"}, {"two", false, "broken"}, {"three", true, ""}};
    EXPECT_EQ(verdicts_text(results, 80),
              "FAILED two: broken\nNOT OK: 2 verdicts passed, 1 failed\n");
}

TEST(HostTables, CountsOfInstructionsAreNotCalledTimes) {
    EXPECT_TRUE(has(clock_text(good(), 1000), "these are counts, not times"));
    Results board;
    board.clock = "cycles";
    board.models_caches = true;
    EXPECT_EQ(clock_text(board, 80), "Clock: cycles; this machine models caches: yes, TLBs: no.\n");
}

TEST(HostTables, NoLineIsWiderThanTheTerminal) {
    for (const std::size_t width : {40u, 60u, 80u, 200u}) {
        std::istringstream lines(results_text(good(), width));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(line.size(), width) << line;
        }
    }
}

TEST(HostResults, WhatIsWrittenReadsBackTheSame) {
    Results results = good();
    results.host = Json{{"seconds", 1.5}};
    const std::string text = json_text(results);
    const ReadResults read = read_results(text);
    ASSERT_TRUE(read.results) << read.error;
    EXPECT_EQ(read.results->rows, results.rows);
    EXPECT_EQ(read.results->verdicts, results.verdicts);
    EXPECT_EQ(json_text(*read.results), text);
    EXPECT_EQ(results_text(*read.results, 80), results_text(results, 80));
}

TEST(HostResults, FieldsStandInTheOrderOfTheSchema) {
    const Json json = Json::parse(json_text(good()));
    std::string keys;
    for (const auto& [key, value] : json.items()) {
        keys += key + " ";
    }
    EXPECT_EQ(keys,
              "schema version board machine clock models guest_crc32 parameters results verdicts "
              "host ");
    // Whole numbers stay whole, and what was left out stays out.
    EXPECT_EQ(json["results"][0]["min"].dump(), "812");
    EXPECT_FALSE(json["results"][0].contains("p50"));
    EXPECT_EQ(json["results"][6]["mean"].dump(), "1.125");
}

TEST(HostResults, AMissingFieldIsNamed) {
    Json json = Json::parse(json_text(good()));
    json["results"][3].erase("mean");
    EXPECT_TRUE(has(read_results(json.dump()).error, "\"mean\""));
    json.erase("clock");
    EXPECT_TRUE(has(read_results(json.dump()).error, "\"clock\""));
}

TEST(HostReportFormats, CyclictestHasAColumnForEachWorld) {
    EXPECT_EQ(cyclictest_text(good()),
              "# timer period_us=1000 count=1000 stamps=0, unit: instructions\n"
              "# columns: native/native nested/injected\n"
              "# Histogram\n"
              "000090 000900\t000000\n"
              "000099 000100\t000000\n"
              "000150 000000\t000900\n"
              "000159 000000\t000100\n"
              "# Total: 000001000 000001000\n"
              "# Min Latencies: 00090 00150\n"
              "# Avg Latencies: 00092 00152\n"
              "# Max Latencies: 00099 00159\n"
              "# Histogram Overflows: 00000 00000\n");
}

TEST(HostReportFormats, LmbenchHasPagefaultsAndACurveForEachWorld) {
    EXPECT_EQ(lmbench_text(good()),
              "Pagefaults on virt native/native: 812.0000 instructions\n"
              "Pagefaults on virt nested/injected: 812.0000 instructions\n"
              "\nRandom load latency\n# random native/native, instructions/load\n\"stride=4096\n"
              "8.00000 1.125\n"
              "\nRandom load latency\n# random nested/injected, instructions/load\n\"stride=4096\n"
              "8.00000 2.500\n");
}

TEST(HostReportFormats, WithoutTheirRowsTheyAreEmpty) {
    EXPECT_EQ(cyclictest_text(Results{}), "");
    EXPECT_EQ(lmbench_text(Results{}), "");
}

TEST(HostProgress, SaysWhatRunsAndHowFarItIs) {
    LogParser parser;
    EXPECT_EQ(progress_line(parser.log()), "starting");
    LogText log;
    log.begin({"a", "b"}).scenario("a");
    parser.feed(log.text());
    EXPECT_EQ(progress_line(parser.log()), "[2/2] b");
    LogParser later;
    later.feed(log.record("progress", Json{{"scenario", "b"}, {"done", 1}, {"of", 4}}).text());
    EXPECT_EQ(progress_line(later.log()), "[2/2] b 25 %");
    LogParser done;
    done.feed(log.scenario("b").text());
    EXPECT_EQ(progress_line(done.log()), "[2/2] finishing");
}

}  // namespace
}  // namespace hm::host::testing
