// Tables and other formats that a run is printed in, and its file.

#include "host/report/tables.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "host/report/exits_table.hpp"
#include "host/report/figure2.hpp"
#include "host/report/lmbench_format.hpp"
#include "host/report/notes.hpp"
#include "host/report/progress.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

Results good() { return judged_results(parse_log(good_log())); }

TEST(HostTables, Figure2ComparesWorldsByTheirMeans) {
    const std::string text = figure2_text(Grouped(good()), Verbosity::kFull, 80);
    EXPECT_EQ(line_with(text, "total, without"), "total, without stamps 812 812");
    EXPECT_EQ(line_with(text, "random 8 MB"), "random 8 MB - 1.125 2.5 2.22");
    EXPECT_FALSE(has(text, "hyp-instructions"));
}

TEST(HostTables, ExitsStandBesideTheirBudgets) {
    const std::string text = exits_text(Grouped(good()), Verbosity::kFull, 80);
    EXPECT_EQ(line_with(text, "null-fast"), "hypercall null-fast 9 9 9 12");
    EXPECT_EQ(line_with(text, "143.625"), "demand pages=256 143.625 143.625 143.625 150");
    EXPECT_EQ(line_with(text, "pagefault"), "");
    EXPECT_EQ(line_with(text, "new table"), "demand pages=256 with new table 801 801 801 -");
    EXPECT_EQ(line_with(text, "timer wfi idle injected "), "timer wfi idle injected 44 44 44 45");
    EXPECT_EQ(line_with(text, "stamped"), "timer wfi idle injected, stamped 70 70 70 -");
}

TEST(HostTables, AnExitSaysItsDeliveryWhereItIsNotTheUsualOne) {
    LogText log;
    log.begin({"a"})
        .row("exits", kGuest, Json{{"exit", "spi"}}, "hyp-instructions", 85)
        .row("exits", "nested/injected-soft", Json{{"exit", "spi"}}, "hyp-instructions", 91);
    const Results spi = judged_results(parse_log(log.scenario("a").end().text()));
    const std::string text = exits_text(Grouped(spi), Verbosity::kFull, 80);
    EXPECT_EQ(line_with(text, "85"), "exits exit=spi 85 85 85 90");
    EXPECT_EQ(line_with(text, "91"), "exits exit=spi injected-soft 91 91 91 90");
}

/// A run of workloads that this tool has never heard of.
Results unknown_workloads() {
    LogText log;
    log.begin({"a", "b"})
        .row("exits", kGuest, Json{{"exit", "actlr"}}, "round", 77, "instructions/exit")
        .row("exits", kGuest, Json{{"exit", "actlr"}}, "hyp-instructions", 60)
        .scenario("a")
        .row_of("burn", kNative, Json::object(), "total", "cycles",
                Json{{"count", 9},
                     {"min", 1},
                     {"mean", 2},
                     {"p95", 3},
                     {"max", 4},
                     {"histogram", Json::array()}})
        .scenario("b")
        .end();
    return judged_results(parse_log(log.text()));
}

TEST(HostTables, AWorkloadWithoutATableOfItsOwnIsPrintedInTheGenericOne) {
    const Results results = unknown_workloads();
    const std::string summary = results_text(Grouped(results), Verbosity::kSummary, 120);
    EXPECT_EQ(line_with(summary, "Other workloads"), "Other workloads");
    EXPECT_EQ(line_with(summary, "instructions/exit"),
              "exit=actlr nested/injected round instructions/exit 77 77 77");
    EXPECT_EQ(line_with(summary, " hyp-instructions"),
              "exit=actlr nested/injected hyp-instructions instructions 60 60 60");
    EXPECT_EQ(line_with(summary, "native/native"), "- native/native total cycles 1 2 4");
    // What the monitor adds is an exit as any other.
    EXPECT_EQ(line_with(summary, "exits exit=actlr"), "exits exit=actlr 60 60 60 -");
    const std::string full = results_text(Grouped(results), Verbosity::kFull, 120);
    EXPECT_EQ(line_with(full, "native/native"), "- native/native total cycles 1 2 3 4 9");
}

TEST(HostTables, AWorkloadWithATableIsNotInTheGenericOne) {
    EXPECT_FALSE(has(results_text(Grouped(good()), Verbosity::kFull, 80), "Other workloads"));
}

TEST(HostTables, AWorldThatWasNotMeasuredIsADash) {
    LogText log;
    log.begin({"a"}).row("chase", kGuest, Json::object(), "load", 3).scenario("a").end();
    const Results results = judged_results(parse_log(log.text()));
    EXPECT_EQ(line_with(figure2_text(Grouped(results), Verbosity::kFull, 80), "  3"), "0 B - 3");
    EXPECT_EQ(exits_text(Grouped(results), Verbosity::kFull, 80), "");
}

TEST(HostTables, FailuresAreNamedAndSuccessesCounted) {
    Results results;
    results.verdicts = {{"one", true, "fine"}, {"two", false, "broken"}, {"three", true, ""}};
    EXPECT_EQ(verdicts_text(results, 80),
              "FAILED two: broken\nNOT OK: 2 verdicts passed, 1 failed\n");
}

TEST(HostTables, CountsOfInstructionsAreNotCalledTimes) {
    EXPECT_TRUE(has(clock_text(good(), 1000), "these are counts, not times"));
    Results emulator;
    emulator.clock = "emulator";
    EXPECT_TRUE(has(clock_text(emulator, 1000), "the emulator's times and no machine's"));
    EXPECT_TRUE(has(clock_text(emulator, 1000), "nothing here is compared with the paper"));
    Results board;
    board.clock = "cycles";
    board.models_caches = true;
    EXPECT_EQ(clock_text(board, 80), "Clock: cycles; this machine models caches: yes, TLBs: no.\n");
}

TEST(HostTables, WhatTheL2CachePrefetchesStandsBesideTheRegisters) {
    const auto text = [](const Params& registers) {
        Results board;
        board.registers = registers;
        return registers_text(board, 1000);
    };
    const Params::Entry midr{"MIDR", std::uint64_t{0x412fc0f1}};
    EXPECT_EQ(text({}), "");
    EXPECT_TRUE(has(text({midr}), "MIDR 0x412fc0f1. This machine has no L2PFR"));
    EXPECT_TRUE(has(text({midr, {"L2PFR", std::uint64_t{0}}}), "L2PFR reads as zero"));
    EXPECT_TRUE(has(text({midr, {"L2PFR", std::uint64_t{0x9B0}}}),
                    "prefetches up to 8 lines after a miss of data, up to 3 after one of "
                    "instructions, and the next line after one of a table walk"));
    EXPECT_TRUE(has(text({midr, {"L2PFR", std::uint64_t{0x410}}}),
                    "up to 2 lines after a miss of data, up to 0 after one of instructions, and "
                    "nothing after one of a table walk"));
}

TEST(HostTables, StampsWithoutIsbAreSaidInOneLine) {
    constexpr const char* kLine = "\nStamps without ISB: figures of layers are not exact.\n";
    Results run = good();
    EXPECT_FALSE(has(results_text(Grouped(run), Verbosity::kSummary, 1000), kLine));
    run.parameters.set("stamp_isbs", std::uint64_t{0});
    EXPECT_TRUE(has(results_text(Grouped(run), Verbosity::kSummary, 1000), kLine));
}

TEST(HostTables, DelaysByASlowerCounterSayHowFarTheyMayBeWrong) {
    Results board;
    board.clock = "cycles";
    board.ticks_hz = 1'000'000'000;
    board.parameters.set("counter_hz", std::uint64_t{24'000'000});
    EXPECT_EQ(counter_text(board, 1000),
              "Delays from a deadline are read from the counter: each is right to +/- 1 tick of "
              "24.0 MHz, 42 cycles at 1000 MHz. Cycles between two stamps are not rounded so.\n");
    board.parameters.set("counter_hz", std::uint64_t{1'000'000'000});
    EXPECT_EQ(counter_text(board, 1000), "");
    board.parameters.set("counter_hz", std::uint64_t{0});
    EXPECT_EQ(counter_text(board, 1000), "");
    EXPECT_EQ(counter_text(good(), 1000), "");
    Results timers = judged_results(parse_log(timer_log()));
    timers.clock = "cycles";
    timers.ticks_hz = 1'000'000'000;
    timers.parameters.set("counter_hz", std::uint64_t{24'000'000});
    const std::string text = results_text(Grouped(timers), Verbosity::kSummary, 1000);
    const std::size_t first = text.find("+/- 1 tick");
    EXPECT_NE(first, std::string::npos);
    EXPECT_NE(text.find("+/- 1 tick", first + 1), std::string::npos)
        << "not beside the shared core";
}

TEST(HostTables, NoLineIsWiderThanTheTerminal) {
    for (const std::size_t width : {40u, 60u, 80u, 200u}) {
        for (const Results& results : {good(), judged_results(parse_log(timer_log()))}) {
            for (const Verbosity detail : {Verbosity::kSummary, Verbosity::kFull}) {
                std::istringstream lines(results_text(Grouped(results), detail, width));
                for (std::string line; std::getline(lines, line);) {
                    EXPECT_LE(line.size(), width) << line;
                }
            }
        }
    }
}

TEST(HostResults, WhatIsWrittenReadsBackTheSame) {
    Results results = judged_results(parse_log(timer_log()));
    results.skipped = {{"a", "b"}};
    results.host = R"({"seconds":1.5})";
    const std::string text = json_text(results);
    const ReadResults read = read_results(text);
    ASSERT_TRUE(read.results) << read.error;
    EXPECT_EQ(read.results->rows, results.rows);
    EXPECT_EQ(read.results->worst, results.worst);
    EXPECT_EQ(read.results->skipped, results.skipped);
    EXPECT_EQ(read.results->verdicts, results.verdicts);
    EXPECT_EQ(json_text(*read.results), text);
    EXPECT_EQ(results_text(Grouped(*read.results), Verbosity::kFull, 80),
              results_text(Grouped(results), Verbosity::kFull, 80));
}

TEST(HostResults, FieldsStandInTheOrderOfTheSchema) {
    const Json json = Json::parse(json_text(good()));
    std::string keys;
    for (const auto& [key, value] : json.items()) {
        keys += key + " ";
    }
    EXPECT_EQ(
        keys,
        "schema version board machine clock models pmu_events guest_crc32 parameters results worst "
        "skipped verdicts host ");
    // Whole numbers stay whole, and what was left out stays out.
    EXPECT_EQ(json["results"][0]["min"].dump(), "812");
    EXPECT_FALSE(json["results"][0].contains("p50"));
    EXPECT_FALSE(json["results"][0].contains("steps"));
    EXPECT_FALSE(json["results"][0].contains("stage2"));
    EXPECT_EQ(json["results"][6]["mean"].dump(), "1.125");
}

TEST(HostResults, WhatTheMachineCountsAndHowFastItTicksReadBackTheSame) {
    LogText log;
    log.begin({"a"}, Json{{"clock", "cycles"},
                          {"pmu_events", Json::array({"dtlb-refills", "l2-refills"})},
                          {"ticks_hz", 1'700'000'000}});
    log.row("chase", "nested:2M-level2/injected", Json::object(), "load", 3).scenario("a").end();
    const Results results = judged_results(parse_log(log.text()));
    EXPECT_EQ(results.pmu_events, (std::vector<std::string>{"dtlb-refills", "l2-refills"}));
    EXPECT_EQ(results.ticks_hz, 1'700'000'000u);
    EXPECT_EQ(results.rows.at(0).setting(), "nested:2M-level2/injected");
    const ReadResults read = read_results(json_text(results));
    ASSERT_TRUE(read.results) << read.error;
    EXPECT_EQ(read.results->pmu_events, results.pmu_events);
    EXPECT_EQ(read.results->ticks_hz, results.ticks_hz);
    EXPECT_EQ(read.results->rows, results.rows);
}

TEST(HostResults, ARunOfTheFirstReleaseCanStillBeRead) {
    Json json = Json::parse(json_text(good()));
    json.erase("worst");
    json.erase("skipped");
    json.erase("pmu_events");
    EXPECT_EQ(read_results(json.dump()).error, "");
}

TEST(HostResults, AMissingFieldIsNamed) {
    Json json = Json::parse(json_text(judged_results(parse_log(timer_log()))));
    Json damaged = json;
    damaged["worst"][0].erase("rank");
    EXPECT_TRUE(has(read_results(damaged.dump()).error, "\"rank\""));
    json["results"][3].erase("mean");
    EXPECT_TRUE(has(read_results(json.dump()).error, "\"mean\""));
    json.erase("clock");
    EXPECT_TRUE(has(read_results(json.dump()).error, "\"clock\""));
}

TEST(HostReportFormats, LmbenchHasPagefaultsAndACurveForEachWorld) {
    const auto file = [](const std::string& regime, const std::string& setting,
                         const std::string& latency) {
        return "From: hypmeter\n\nhypmeter 0.1.0 on virt: QEMU virt, Cortex-A15\n"
               "---- ../results/hypmeter-virt/" +
               regime +
               ".0\n[lmbench3.0 results for instructions virt 0.1.0 QEMU virt, Cortex-A15]\n"
               "[MHZ: 1000 MHz, 1.0000 nanosec clock]\n"
               "Pagefaults on virt: 812.0000 instructions\n\nMemory load latency\n"
               "Random load latency\n# random " +
               setting + ", instructions/load\n\"stride=4096\n8.00000 " + latency + "\n\n[]\n\n";
    };
    EXPECT_EQ(lmbench_text(Grouped(good()), 80), file("native", "native/native", "1.125") +
                                                     file("nested", "nested/injected", "2.500"));
}

TEST(HostReportFormats, WithoutTheirRowsTheyAreEmpty) {
    EXPECT_EQ(lmbench_text(Grouped(Results{}), 80), "");
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
