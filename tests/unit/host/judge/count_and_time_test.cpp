// Instructions of one run beside the cycles of another.

#include "host/judge/count_and_time.hpp"

#include <gtest/gtest.h>

#include <list>

#include "host/base/text.hpp"
#include "host/report/comparison_text.hpp"
#include "host/report/count_and_time_text.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/gem5_run.hpp"

namespace hm::host::testing {
namespace {

Row row(const std::string& workload, const Params& params, const std::string& layer,
        const std::string& unit, double mean, bool native = false) {
    Row one;
    one.workload = workload;
    one.regime = native ? "native" : "nested";
    one.delivery = native ? "native" : "injected";
    one.params = params;
    one.layer = layer;
    one.unit = unit;
    one.count = 10;
    one.min = one.mean = one.max = mean;
    return one;
}

Params timer(std::uint64_t count, std::uint64_t period) {
    return {{"wait", "wfi"}, {"load", "idle"}, {"period_us", period}, {"count", count}};
}
const Params kFast{{"path", "null-fast"}};

/// Of suite `quick` under QEMU.
Results counted() {
    Results results;
    results.board = "vexpress";
    results.machine = "QEMU vexpress-a15";
    results.clock = "instructions";
    results.verdicts = {{"one", true, ""}};
    results.parameters.set("suite", std::string("quick"));
    results.rows = {
        row("hypercall", kFast, "call", "instructions", 12),
        row("hypercall", kFast, "hyp-instructions", "instructions", 7),
        row("timer", timer(1000, 1000), "hyp-vector..hyp-acknowledged", "instructions", 15),
        row("timer", timer(1000, 1000), "deadline..hyp-vector", "instructions", 3),
        row("timer", timer(1000, 1000), "deadline..application", "instructions", 100),
        row("chase",
            {{"order", "random"}, {"bytes", std::uint64_t{4096}}, {"laps", std::uint64_t{20}}},
            "load", "instructions/load", 1, true),
        row("exits", {{"exit", "null"}}, "exit", "instructions", 0),
        row("exits", {{"exit", "wfi"}}, "exit", "instructions", 30)};
    return results;
}

/// Of suite `model` under gem5: fewer wake-ups, another period, fewer laps.
Results timed() {
    Results results = as_gem5(Results{});
    results.verdicts = {{"one", true, ""}};
    results.parameters.set("suite", std::string("model"));
    results.rows = {
        row("hypercall", kFast, "call", "cycles", 54),
        row("hypercall", kFast, "hyp-instructions", "instructions", 7),
        row("timer", timer(20, 200), "hyp-vector..hyp-acknowledged", "cycles", 90),
        row("timer", timer(20, 200), "deadline..hyp-vector", "counter ticks", 1),
        row("timer", timer(20, 200), "deadline..application", "counter ticks", 10),
        row("chase",
            {{"order", "random"}, {"bytes", std::uint64_t{4096}}, {"laps", std::uint64_t{16}}},
            "load", "cycles/load", 4, true),
        row("chase",
            {{"order", "random"}, {"bytes", std::uint64_t{8192}}, {"laps", std::uint64_t{16}}},
            "load", "cycles/load", 5, true),
        row("exits", {{"exit", "null"}}, "exit", "cycles", 2)};
    return results;
}

/// The pairs point into the rows of their sides.
const std::vector<Side>& sides_of(Results one, Results other) {
    static std::list<std::vector<Side>> kept;
    kept.push_back({{"a", {std::move(one)}}, {"b", {std::move(other)}}});
    return kept.back();
}

bool all(const std::string&) { return true; }

const CountedAndTimed& of_layer(const CountAndTime& pair, const std::string& layer) {
    static const CountedAndTimed kNone;
    const auto found = std::ranges::find_if(
        pair.rows, [&layer](const auto& one) { return one.row->layer == layer; });
    return found == pair.rows.end() ? kNone : *found;
}

TEST(HostCountAndTime, RowsOfTheSameThingPairUpHoweverOftenItWasDone) {
    const std::vector<Side> sides{{"q", {counted()}}, {"g", {timed()}}};
    const auto pairs = counts_and_times(sides, all);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_EQ(pairs[0].counted, 0U);
    EXPECT_EQ(pairs[0].timed, 1U);
    EXPECT_EQ(pairs[0].rows.size(), 6U);
    EXPECT_EQ(pairs[0].only_counted, 1U) << "the exit of WFI";
    EXPECT_EQ(pairs[0].only_timed, 1U) << "the chase of 8 KB";
    const CountedAndTimed& call = of_layer(pairs[0], "call");
    EXPECT_EQ(call.instructions, 12);
    EXPECT_EQ(call.cycles, 54);
    EXPECT_EQ(call.cycles_per_instruction(), 4.5);
    EXPECT_NEAR(call.nanoseconds.value_or(0), 31.765, 1e-3);
    EXPECT_EQ(call.rounding, 0);
}

TEST(HostCountAndTime, WhatTheCounterMeasuredBecomesCyclesAndIsRightToATick) {
    const auto pairs = counts_and_times(sides_of(counted(), timed()), all);
    const CountedAndTimed& wait = of_layer(pairs.at(0), "deadline..application");
    EXPECT_EQ(wait.cycles, 680);
    EXPECT_EQ(wait.rounding, 68);
    EXPECT_EQ(wait.nanoseconds, 400);
    EXPECT_EQ(wait.cycles_per_instruction(), 6.8);
    EXPECT_EQ(wait.at_least(), 6.12);
    // A single tick may be none at all, so that 22 cycles per instruction head no list.
    const CountedAndTimed& vector = of_layer(pairs[0], "deadline..hyp-vector");
    EXPECT_NEAR(vector.cycles_per_instruction().value_or(0), 68.0 / 3, 1e-9);
    EXPECT_EQ(vector.at_least(), 0);
}

TEST(HostCountAndTime, TheRowThatGrowsMostForCertainComesFirst) {
    const auto pairs = counts_and_times(sides_of(counted(), timed()), all);
    std::vector<std::string> layers;
    const auto grown = by_growth(pairs.at(0).rows);
    for (const CountedAndTimed* const one : grown) {
        layers.push_back(one->row->layer);
    }
    // The null exit counts no instruction, and has no such ratio.
    EXPECT_EQ(layers,
              (std::vector<std::string>{"deadline..application", "hyp-vector..hyp-acknowledged",
                                        "call", "load", "deadline..hyp-vector"}));
    EXPECT_EQ(median_of(grown), 6);
    EXPECT_EQ(median_of({}), std::nullopt);
}

TEST(HostCountAndTime, OtherParametersKeepRowsApart) {
    Results other = timed();
    other.rows.front().params.set("path", std::string("null-dispatch"));
    Results direct = timed();
    direct.rows.front().delivery = "direct";
    for (const Results& results : {other, direct}) {
        const auto pairs = counts_and_times(sides_of(counted(), results), all);
        EXPECT_EQ(of_layer(pairs.at(0), "call").row, nullptr);
        EXPECT_EQ(pairs[0].only_timed, 2U);
        EXPECT_EQ(pairs[0].only_counted, 2U);
    }
}

TEST(HostCountAndTime, OfSeveralRowsOfTheSameThingTheOneWithTheSameCountIsThePartner) {
    Results twice = counted();
    twice.rows.push_back(
        row("timer", timer(20, 200), "hyp-vector..hyp-acknowledged", "instructions", 18));
    const auto pairs = counts_and_times(sides_of(twice, timed()), all);
    EXPECT_EQ(of_layer(pairs.at(0), "hyp-vector..hyp-acknowledged").instructions, 18);
    EXPECT_EQ(pairs[0].only_counted, 2U);
}

TEST(HostCountAndTime, RepeatedRunsAreOneSideAndTheOrderOfTheSidesIsFree) {
    Results slower = timed();
    slower.rows.front().mean = 66;
    const std::vector<Side> sides{{"g", {timed(), slower}}, {"q", {counted()}}};
    const auto pairs = counts_and_times(sides, all);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_EQ(pairs[0].counted, 1U);
    EXPECT_EQ(pairs[0].timed, 0U);
    EXPECT_EQ(of_layer(pairs[0], "call").cycles, 60);
}

TEST(HostCountAndTime, NeedsBothAndTakesOnlyRowsOfTheFilter) {
    EXPECT_TRUE(counts_and_times(sides_of(counted(), counted()), all).empty());
    EXPECT_TRUE(counts_and_times(sides_of(timed(), timed()), all).empty());
    const auto pairs = counts_and_times(sides_of(counted(), timed()), [](const std::string& name) {
        return name.starts_with("hypercall");
    });
    EXPECT_EQ(pairs.at(0).rows.size(), 1U);
    EXPECT_EQ(pairs[0].only_timed, 0U);
}

std::string format(std::string_view name, bool every_row, std::size_t width = 110) {
    const std::vector<Side> sides{{"q", {counted()}}, {"g", {timed()}}};
    const auto formats = count_and_time_formats();
    const auto found = std::ranges::find(formats, name, &CountAndTimeFormat::name);
    return found == formats.end()
               ? std::string()
               : found->text(sides, counts_and_times(sides, all), every_row, width);
}

TEST(HostCountAndTime, TheTableNamesBothMachinesAndBeginsWithWhatGrowsMost) {
    EXPECT_EQ(
        format("text", true),
        R"(A counts instructions on QEMU vexpress-a15; B has cycles at 1700 MHz on gem5 24.0.0.1, ex5_big-like. Rows of
the same thing stand side by side, whatever their count, laps, pages, period, rounds and warm-up. Nothing is
subtracted.

Where time grows most beyond the count: of each workload and layer the row with the most cycles per
instruction; in the middle of all rows 6
row                                                   A instructions    B cycles  B ns  cycles per instruction
timer wait=wfi load=idle period_us=200 count=20                  100  680 +/- 68   400                     6.8
  nested/injected deadline..application
timer wait=wfi load=idle period_us=200 count=20                   15          90  52.9                       6
  nested/injected hyp-vector..hyp-acknowledged
hypercall null-fast nested/injected call                          12          54  31.8                     4.5
chase random 4 KB native/native load                               1           4   2.4                       4
timer wait=wfi load=idle period_us=200 count=20                    3   68 +/- 68    40                  22.667
  nested/injected deadline..hyp-vector
+/-: read from the counter, right to 1 tick of 25.0 MHz. Rows are put in order by the least that this leaves.

By workload and layer, cycles per instruction
workload, layer                      rows   least  middle  greatest
hypercall, call                         1     4.5     4.5       4.5
timer, hyp-vector..hyp-acknowledged     1       6       6         6
timer, deadline..hyp-vector             1  22.667  22.667    22.667
timer, deadline..application            1     6.8     6.8       6.8
chase, load                             1       4       4         4

All rows; <: the one of its workload where time grows most
row                                                   A instructions    B cycles  B ns  cycles per instruction
hypercall null-fast nested/injected call                          12          54  31.8                   4.5 <
timer wait=wfi load=idle period_us=200 count=20                   15          90  52.9                       6
  nested/injected hyp-vector..hyp-acknowledged
timer wait=wfi load=idle period_us=200 count=20                    3   68 +/- 68    40                  22.667
  nested/injected deadline..hyp-vector
timer wait=wfi load=idle period_us=200 count=20                  100  680 +/- 68   400                   6.8 <
  nested/injected deadline..application
chase random 4 KB native/native load                               1           4   2.4                     4 <
exits exit=null nested/injected exit                               0           2   1.2                       -

6 rows stand side by side; 1 of A and 1 of B have no partner.
)");
    // Without every row it ends after the layers.
    EXPECT_EQ(format("text", false).find("All rows"), std::string::npos);
}

TEST(HostCountAndTime, ProgramsGetEveryRow) {
    const std::string csv = format("csv", false);
    EXPECT_TRUE(csv.starts_with(
        "row,workload,setting,layer,counted_on,timed_on,instructions,cycles,cycles_rounding,ns,"
        "cycles_per_instruction,growth_rank\n"));
    EXPECT_EQ(line_with(csv, "deadline..application,"),
              "timer wait=wfi load=idle period_us=200 count=20 nested/injected "
              "deadline..application,timer,nested/injected,deadline..application,QEMU "
              "vexpress-a15,\"gem5 24.0.0.1, ex5_big-like\",100,680,68,400,6.8,1");
    EXPECT_TRUE(has(csv, ",0,2,0,1.1764705882352942,,\n")) << "no ratio, and no place";
    const std::string markdown = format("markdown", false);
    EXPECT_TRUE(
        markdown.starts_with("A counts instructions on QEMU vexpress-a15; B has cycles at "
                             "1700 MHz on gem5 24.0.0.1, ex5_big-like. "));
    EXPECT_TRUE(has(markdown,
                    "\n| hypercall null-fast nested/injected call | 12 | 54 | 31.8 | 4.5 "
                    "\\< |\n"));
    EXPECT_TRUE(has(markdown, "\n6 rows stand side by side; 1 of A and 1 of B have no partner.\n"));
    const Json json = parse_json(format("json", false)).value_or(Json());
    ASSERT_EQ(json.size(), 6U);
    EXPECT_EQ(json[0], (Json{{"row", "hypercall null-fast nested/injected call"},
                             {"workload", "hypercall"},
                             {"setting", "nested/injected"},
                             {"layer", "call"},
                             {"counted_on", "QEMU vexpress-a15"},
                             {"timed_on", "gem5 24.0.0.1, ex5_big-like"},
                             {"instructions", 12.0},
                             {"cycles", 54.0},
                             {"cycles_rounding", 0.0},
                             {"ns", 54 / 1.7},
                             {"cycles_per_instruction", 4.5},
                             {"growth_rank", 3}}));
    EXPECT_EQ(json[5].at("cycles_per_instruction"), nullptr);
    EXPECT_EQ(json[5].at("growth_rank"), nullptr);
}

TEST(HostCountAndTime, NoLineIsWiderThanTheTerminal) {
    for (const std::size_t width : {40U, 60U, 80U}) {
        std::istringstream lines(format("text", true, width));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(line.size(), width) << line;
        }
    }
}

TEST(HostComparison, AnswersSayTheirUnitsWhereTheyDifferAndNoRowIsCalledCompared) {
    const std::vector<Side> sides{{"q", {counted()}}, {"g", {timed()}}};
    const std::string text = comparison_text(sides, compare(sides, all), true, 110);
    EXPECT_TRUE(
        has(text, "A: q: QEMU vexpress-a15, board vexpress, suite quick, clock instructions"));
    EXPECT_TRUE(has(
        text, "B: g: gem5 24.0.0.1, ex5_big-like, image of vexpress, suite model, clock cycles"));
    EXPECT_EQ(line_with(text, "answer "), "answer A, instructions B, ns");
    EXPECT_EQ(text.find("All rows"), std::string::npos);
    EXPECT_EQ(text.find("shown, not compared"), std::string::npos);
}

TEST(HostComparison, RunsUnderTwoGem5ConfigurationsNameWhatDiffers) {
    Results other = timed();
    other.host.replace(other.host.find("512"), 3, "128");
    EXPECT_EQ(noted_differences(timed(), other), "gem5's l2_tlb \"512\" and \"128\"");
    other.host.replace(other.host.find("ex5_big"), 7, "ex5_LITTLE");
    EXPECT_TRUE(has(noted_differences(timed(), other), "configuration \"ex5_big 1.7 GHz"));
    EXPECT_EQ(noted_differences(timed(), timed()), "");
}

}  // namespace
}  // namespace hm::host::testing
