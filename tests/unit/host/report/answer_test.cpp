// The few sentences that a report begins with.

#include "host/report/answer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/report/tables.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/memory_log.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

const Finding& finding(const RunAnswer& answer, std::string_view question) {
    static const Finding kNone;
    const auto found =
        std::find_if(answer.findings.begin(), answer.findings.end(),
                     [question](const Finding& one) { return one.question == question; });
    return found == answer.findings.end() ? kNone : *found;
}

/// A run that answers everything.
Results whole_run(const FakeMemory& fake) {
    Results whole = judged_results(parse_log(memory_log(fake)));
    const Results timer = results_of(parse_log(timer_log()));
    whole.rows.insert(whole.rows.end(), timer.rows.begin(), timer.rows.end());
    for (const auto& [path, call] : {std::pair{"vector-only", 6.0}, std::pair{"null-fast", 12.0},
                                     std::pair{"null-dispatch", 34.0}}) {
        Row row;
        row.workload = "hypercall";
        row.regime = "nested";
        row.delivery = "injected";
        row.layer = "call";
        row.unit = "instructions";
        row.params.set("path", path);
        row.count = 500;
        row.min = row.mean = row.max = call;
        whole.rows.push_back(row);
    }
    whole.verdicts = {{"one", true, ""}, {"two", true, ""}};
    return whole;
}

/// The same run as often as it is asked for.
const Results& whole_run() {
    static const Results once = whole_run(FakeMemory{});
    return once;
}

RunAnswer answer(const Results& results) { return answer_of(Grouped(results)); }

TEST(HostAnswer, SaysWhatAnInterruptCosts) {
    const RunAnswer all = answer(whole_run());
    const Finding& said = finding(all, "interrupt to application");
    EXPECT_EQ(said.sentence,
              "An interrupt reaches the application after 50 natively, 86 (x 1.72) as a guest, "
              "160.5 (x 3.21) if HYP also ends it, 50 (x 1.00) if it goes past HYP.");
    EXPECT_EQ(said.native, 50);
    ASSERT_EQ(said.guests.size(), 3U);
    EXPECT_EQ(said.guests[0].value, 86);
    EXPECT_DOUBLE_EQ(said.guests[1].ratio.value_or(0), 160.5 / 50);
    EXPECT_EQ(said.unit, "instructions");
}

TEST(HostAnswer, SaysTheLongestDelayTooWhereDelaysDiffer) {
    std::vector<FakeTimer> fakes{{kNative, "wfi", "idle", 0, 50, 90, kNativeLayers},
                                 {kGuest, "wfi", "idle", 0, 80, 180, kInjectedLayers}};
    const RunAnswer said = answer(judged_results(parse_log(timer_log(fakes))));
    EXPECT_TRUE(
        has(finding(said, "interrupt to application").sentence,
            "after 70 natively, 130 (x 1.86) as a guest, the longest 90 and 180 (x 2.00)."));
}

TEST(HostAnswer, SaysWhatEachKindOfPageFaultCosts) {
    const RunAnswer all = answer(whole_run());
    EXPECT_EQ(finding(all, "page fault").sentence,
              "A page fault takes 96 natively (A); as a guest 96 (x 1.00) in stage 1 (B), 120 (x "
              "1.25) in stage 2 (C), 196 (x 2.04) in both (B)+(C).");
}

TEST(HostAnswer, SaysWhatABootCosts) {
    const RunAnswer all = answer(whole_run());
    EXPECT_EQ(finding(all, "boot").sentence,
              "A boot that touches 128 MB takes 3,276,800 natively; as a guest 7,208,970 (x 2.20) "
              "with memory mapped on demand, 5,898,240 (x 1.80) if mapped before.");
}

TEST(HostAnswer, SaysHowLongAnInterruptWaitsForASlice) {
    const RunAnswer all = answer(whole_run());
    EXPECT_EQ(finding(all, "sharing a core").sentence,
              "On a core shared in slices of 10 ms an interrupt takes up to 10,000,500 (x "
              "200,010), 480 (x 9.60) if its owner is switched in at once; natively 50.");
}

TEST(HostAnswer, NamesTheLeanestCall) {
    const RunAnswer all = answer(whole_run());
    EXPECT_EQ(finding(all, "leanest call").sentence,
              "The leanest call to the monitor and back takes 12; natively there is none.");
    EXPECT_EQ(finding(all, "leanest call").native, std::nullopt);
}

TEST(HostAnswer, ARandomReadIsMeasuredWhereTheMachineModelsTlbs) {
    FakeMemory fake;
    fake.clock = "cycles";
    const RunAnswer all = answer(judged_results(parse_log(memory_log(fake))));
    // 119 and 479 cycles at 2 GHz.
    EXPECT_EQ(finding(all, "random read").sentence,
              "A random read (32 MB) takes 59.5 ns natively, 239.5 (x 4.03) as a guest.");
    EXPECT_EQ(finding(all, "random read").predicted, std::nullopt);
}

TEST(HostAnswer, ARandomReadIsPredictedWhereItDoesNot) {
    const RunAnswer all = answer(whole_run());
    const Finding& said = finding(all, "random read");
    EXPECT_TRUE(said.sentence.starts_with("A random read (32 MB) as a guest: x "));
    EXPECT_TRUE(said.sentence.ends_with(", by a model of a Cortex-A15."));
    ASSERT_TRUE(said.predicted);
    EXPECT_GT(said.predicted->low, 1);
    EXPECT_GT(said.predicted->high, said.predicted->low);
    EXPECT_TRUE(said.guests.empty());
}

TEST(HostAnswer, NamesMachineClockAndOutcome) {
    const RunAnswer all = answer(whole_run());
    EXPECT_TRUE(has(all.machine, ", suite quick: costs in instructions."));
    EXPECT_TRUE(all.ok);
    EXPECT_EQ(all.outcome, "ok: all verdicts passed. Instructions are counts, not times.");
    Results bad = whole_run();
    bad.verdicts[1].ok = false;
    EXPECT_FALSE(answer(bad).ok);
    EXPECT_EQ(answer(bad).outcome,
              "FAILED: 1 of 2 verdicts, the first: two. The end says why. Instructions are counts, "
              "not times.");
    EXPECT_EQ(answer(Results{}).outcome, "FAILED: this run has no verdicts.");
    EXPECT_EQ(answer(Results{}).machine, "hypmeter: this run did not begin.");
    Results emulator = whole_run();
    emulator.clock = "emulator";
    EXPECT_TRUE(has(answer(emulator).machine, "costs in the emulator's own time."));
    EXPECT_TRUE(has(answer(emulator).outcome, "The emulator's time is no machine's."));
    Results board = whole_run();
    board.clock = "cycles";
    board.ticks_hz = 1'700'000'000;
    board.machine = "a board";
    board.board = "arndale";
    EXPECT_TRUE(has(answer(board).machine,
                    "on a board, board arndale, suite quick: costs in nanoseconds, from cycles at "
                    "1700 MHz."));
    EXPECT_EQ(answer(board).outcome, "ok: all verdicts passed.");
}

TEST(HostAnswer, WhatWasNotMeasuredIsNamed) {
    const std::string text = answer_text(answer(judged_results(parse_log(timer_log()))), 200);
    EXPECT_EQ(line_with(text, "Not measured"),
              "Not measured here: page fault, random read, boot, leanest call.");
}

TEST(HostAnswer, HasAtMostTwelveLinesAndBeginsEveryReport) {
    const Results whole = whole_run();
    for (const std::size_t width : {80U, 100U, 200U}) {
        const std::string text = answer_text(answer(whole), width);
        EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 12) << text;
        EXPECT_FALSE(has(text, "Not measured")) << text;
        EXPECT_FALSE(has(text, " x\n")) << text;
        for (const Verbosity verbosity : {Verbosity::kSummary, Verbosity::kFull}) {
            EXPECT_TRUE(results_text(Grouped(whole), verbosity, width)
                            .starts_with(text + "\nWords: stage 1 is"));
        }
    }
}

}  // namespace
}  // namespace hm::host::testing
