// The tables of the timer workload, from a log that has every delivery, wait and load.

#include "host/report/timer_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/report/anchors.hpp"
#include "host/report/answer.hpp"
#include "host/report/sharing_tables.hpp"
#include "host/report/tables.hpp"
#include "host/report/worst_table.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/alone_log.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

constexpr std::size_t kColumns = 100;

const Results& whole() {
    static const Results results = judged_results(parse_log(timer_log()));
    return results;
}

std::string figure7(Verbosity detail = Verbosity::kSummary) {
    return figure7_text(Grouped(whole()), detail, kColumns);
}

std::string sharing(const Results& results = whole(), Verbosity detail = Verbosity::kSummary) {
    return sharing_text(Grouped(results), detail, kColumns);
}

/// `text` from the line on that contains `part`.
std::string from(const std::string& text, const std::string& part) {
    const std::size_t at = text.find(part);
    return at == std::string::npos ? std::string() : text.substr(at);
}

/// The same results from a machine whose times mean something.
Results timers_on_a_board() {
    Results results = whole();
    results.clock = "cycles";
    results.models_caches = true;
    return results;
}

TEST(HostTimerTables, DeliveriesStandSideBySideInTheirOrder) {
    std::vector<FakeTimer> fakes = all_fake_timers();
    std::reverse(fakes.begin(), fakes.end());
    const Results reversed = judged_results(parse_log(timer_log(fakes)));
    for (const Results& results : {whole(), reversed}) {
        EXPECT_EQ(
            line_with(figure7_text(Grouped(results), Verbosity::kFull, kColumns), "step  native"),
            "layer (mean) step native injected injected-soft direct");
    }
}

TEST(HostTimerTables, LayersStandInTheOrderOfAWakeUpWhicheverPathHasThem) {
    const std::string text = figure7();
    std::size_t last = 0;
    for (const char* layer :
         {"deadline..hyp-vector", "deadline..guest-vector", "hyp-vector..hyp-acknowledged",
          "hyp-acknowledged..list-register", "list-register..guest-return",
          "guest-return..guest-vector", "guest-vector..guest-acknowledged",
          "guest-acknowledged..maintenance-vector", "guest-acknowledged..handler-done",
          "maintenance-vector..maintenance-return", "maintenance-return..handler-done",
          "handler-done..application"}) {
        const std::size_t at = text.find(layer);
        ASSERT_NE(at, std::string::npos) << layer;
        EXPECT_GT(at, last) << layer;
        last = at;
    }
    EXPECT_EQ(line_with(text, "deadline..guest-vector"), "deadline..guest-vector 1-2 3 - - 3");
    EXPECT_EQ(line_with(text, "guest-acknowledged..handler"),
              "guest-acknowledged..handler-done 30 30 - 30");
}

TEST(HostTimerTables, LayersNameTheirStepsOfThePaper) {
    std::vector<FakeTimer> fakes = all_fake_timers();
    Results results = judged_results(parse_log(timer_log(fakes)));
    for (Row& row : results.rows) {
        if (row.native() && row.layer == "guest-vector..guest-acknowledged") {
            row.steps = "(3)";
        }
    }
    const std::string text = figure7_text(Grouped(results), Verbosity::kSummary, kColumns);
    EXPECT_EQ(line_with(text, "deadline..hyp-vector"), "deadline..hyp-vector 4-5 - 3 3 -");
    EXPECT_EQ(line_with(text, "guest-vector..guest-ack"),
              "guest-vector..guest-acknowledged 3, 9 24 24 24 24");
}

TEST(HostTimerTables, TheProbeEffectIsTheDifferenceOfTheMeans) {
    const std::string text = figure7();
    EXPECT_EQ(line_with(text, "end to end, with stamps"),
              "end to end, with stamps 76 112 186.5 76");
    EXPECT_EQ(line_with(text, "end to end, without"), "end to end, without 50 86 160.5 50");
    EXPECT_EQ(line_with(text, "probe effect"), "probe effect 26 26 26 26");
}

TEST(HostTimerTables, EndToEndHasRatiosToNativeOfTheSameKind) {
    const std::string text = from(figure7(), "deadline to application");
    EXPECT_EQ(line_with(text, "deadline to"),
              "deadline to application min mean p50 p95 max probe x p95 x max");
    EXPECT_EQ(line_with(text, "injected "), "injected 86 86 86 86 86 26 1.72 1.72");
    EXPECT_EQ(line_with(text, "injected, stamped"),
              "injected, stamped 112 112 112 112 112 - 1.47 1.47");
}

TEST(HostTimerTables, ASummaryHasOneLineForEachOtherWait) {
    const std::string text = figure7();
    const std::string others = from(text, "Other ways to wait");
    EXPECT_EQ(line_with(others, "spin idle direct"),
              "spin idle direct 50 50 50 50 50 26 1.00 1.00");
    // Nothing waits like that natively, so it stands beside the plain WFI.
    EXPECT_EQ(line_with(others, "wfi-trapped"),
              "wfi-trapped idle injected 120 120 120 120 120 26 2.40 2.40");
    EXPECT_FALSE(has(others, ".."));
    const std::string full = figure7(Verbosity::kFull);
    EXPECT_FALSE(has(full, "Other ways to wait"));
    EXPECT_TRUE(has(from(full, "wait=spin"), "deadline..guest-vector"));
}

TEST(HostTimerTables, ColdCachesHaveTheirLayersInASummaryTooAndSayWhetherThereAreCaches) {
    std::vector<FakeTimer> fakes = all_fake_timers();
    EXPECT_FALSE(has(figure7(), "Cold caches"));
    FakeTimer native = fakes.front();
    ASSERT_EQ(native.setting, "native/native");
    native.load = "evict";
    fakes.push_back(native);
    Results results = judged_results(parse_log(timer_log(fakes)));
    const auto cold = [&results] {
        return from(figure7_text(Grouped(results), Verbosity::kSummary, kColumns), "Cold caches");
    };
    const auto line = [](const std::string& text) { return text.substr(0, text.find("\nwait=")); };
    EXPECT_TRUE(has(line(cold()), "no caches"));
    EXPECT_TRUE(has(cold(), "wait=wfi load=evict"));
    EXPECT_TRUE(has(cold(), "deadline..guest-vector"));
    EXPECT_FALSE(has(from(cold(), "Other ways to wait"), "evict"));
    results.models_caches = true;
    EXPECT_FALSE(has(line(cold()), "no caches"));
}

TEST(HostTimerTables, ThePapersRatiosAreComparableOnlyWhereTimeIsModelled) {
    const auto joined = [](std::string text) {
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    };
    const std::string counted = joined(figure7());
    EXPECT_TRUE(has(counted,
                    "Nothing here stands beside the paper's response to a timer, p95 (108 and 251 "
                    "us, x 2.3), response to a timer, max (185 and 8,939 us, x 48): this machine "
                    "models no time."));
    // A thousand wake-ups a millisecond apart are not the paper's.
    Results board = timers_on_a_board();
    const auto figure7_of = [&](const Results& results) {
        return joined(figure7_text(Grouped(results), Verbosity::kSummary, kColumns));
    };
    EXPECT_TRUE(has(figure7_of(board), "us, x 48): this run has not measured the same."));
    EXPECT_TRUE(has(joined(sharing()), "This machine models no time: only the shape"));
    EXPECT_TRUE(has(joined(sharing(board)), "The periods here are others: only the shape"));
    for (Row& row : board.rows) {
        row.params.set("period_us", std::uint64_t{30'000});
        row.params.set("count", std::uint64_t{120'000});
    }
    EXPECT_FALSE(has(figure7_of(board), "Nothing here stands beside"));
    EXPECT_TRUE(has(figure7_of(board), "response to a timer, max, us"));
    EXPECT_FALSE(has(joined(sharing(board)), "only the shape"));
}

TEST(HostTimerTables, MissedPeriodsAreNamed) {
    EXPECT_TRUE(has(figure7(), "Missed periods: none."));
    std::vector<FakeTimer> fakes = all_fake_timers();
    fakes[1].counts = {{"missed-periods", 0.002}};
    const Results results = judged_results(parse_log(timer_log(fakes)));
    // Twice two in a thousand wake-ups: with stamps and without.
    EXPECT_TRUE(has(figure7_text(Grouped(results), Verbosity::kSummary, kColumns),
                    "Missed periods: wfi idle injected 4."));
}

TEST(HostTimerTables, LayersOfFewerEventsSayOfHowMany) {
    const std::string text = sharing();
    EXPECT_EQ(line_with(text, "layer (mean)"), "layer (mean) step shared 10 ms boosted 10 ms");
    EXPECT_EQ(line_with(text, "hyp-vector..scheduled"), "hyp-vector..scheduled * 4,990,000 9");
    EXPECT_EQ(line_with(text, "hyp-vector..hyp-ack"), "hyp-vector..hyp-acknowledged ** 11 11");
    EXPECT_EQ(line_with(text, "* number of"), "* number of events 900 900");
    EXPECT_EQ(line_with(text, "** number of"), "** number of events 100 100");
    EXPECT_EQ(line_with(text, "over a switch"),
              "HYP to guest vector, over a switch (max) 4,990,379 388");
    // The total is no layer: it would count its parts twice.
    EXPECT_FALSE(has(text, "hyp-vector..guest-vector"));
}

TEST(HostTimerTables, AllSlicesAreShownInFull) {
    EXPECT_EQ(line_with(sharing_text(Grouped(whole()), Verbosity::kFull, 200), "layer (mean)"),
              "layer (mean) step shared 1 ms shared 2 ms shared 5 ms shared 10 ms boosted 10 ms");
}

TEST(HostTimerTables, TheTailIsShownBesideTheSlice) {
    const std::string text = from(sharing(), "The wait for a slice");
    EXPECT_EQ(line_with(text, "vm-compute shared 2 ms"),
              "vm-compute shared 2 ms 86 1,000,293 1,900,479 2,000,500 90.0 % 26 38,010 40,010");
    EXPECT_EQ(line_with(text, "vm-compute boosted 10 ms"),
              "vm-compute boosted 10 ms 86 283 460 480 90.0 % 26 9.20 9.60");
    EXPECT_TRUE(has(line_with(text, "8,939"), "8,939"));
}

TEST(HostTimerTables, TheWaitForASliceStandsBesideTheory) {
    const std::string text = from(sharing(whole(), Verbosity::kFull), "beside theory");
    // 86 + a quarter of 2,000,000 in the mean, 86 + 2,000,000 at most.
    EXPECT_EQ(line_with(text, "vm-compute 2 ms"),
              "vm-compute 2 ms 90.0 % 50.0 % 1,000,293 500,086 2,000,500 2,000,086");
}

TEST(HostTimerTables, WhatBoostingCostsIsALossBesidePlainSlices) {
    const std::string text = from(sharing(), "What boosting costs");
    EXPECT_EQ(line_with(text, "vm-compute 10 ms"), "vm-compute 10 ms 40 39 -2.50 %");
    EXPECT_EQ(line_with(text, "vm-idle"), "");
    EXPECT_TRUE(has(text, "rounds per million ticks"));
}

TEST(HostTimerTables, AWorstEventNamesTheLayerThatTookMost) {
    const std::string text = worst_text(Grouped(whole()), Verbosity::kSummary, kColumns);
    EXPECT_EQ(line_with(text, "shared 5 ms"),
              "wfi vm-compute shared 5 ms 17 5,000,526 two 5,000,500");
    EXPECT_EQ(line_with(text, "idle injected-soft"), "wfi idle injected-soft 17 187 two 161");
    // All its events took the same.
    EXPECT_EQ(line_with(text, "direct"), "");
    EXPECT_EQ(line_with(text, "vm-fault"), "");
    EXPECT_NE(line_with(worst_text(Grouped(whole()), Verbosity::kFull, kColumns), "vm-fault"), "");
}

TEST(HostTimerTables, WhatIsNotAttributedIsShownWhereItIsMeasured) {
    Results results = whole();
    Row row = results.rows.front();
    row.layer = "unattributed";
    row.mean = 1.25;
    results.rows.push_back(row);
    EXPECT_EQ(
        line_with(figure7_text(Grouped(results), Verbosity::kSummary, kColumns), "unattributed"),
        "unattributed 1.25 - - -");
    EXPECT_FALSE(has(figure7(), "unattributed"));
}

TEST(HostTimerTables, OursStandBesideOtherHypervisorsWhereInstructionsAreCounted) {
    const std::string text = anchors_text(Grouped(whole()), Verbosity::kFull, kColumns);
    // Without stamps a guest wakes 86 - 50 later than natively, where the vector reads after 3.
    EXPECT_EQ(line_with(text, "spinning"), "timer to guest, spinning 39 1,218 2,480 1,698 5");
    EXPECT_EQ(line_with(text, "in WFI"), "timer to guest, in WFI 39 9,416 4,913 7,944 6");
    EXPECT_EQ(line_with(text, "hypercall"), "");
    EXPECT_TRUE(has(text, "quoted from earlier measurements"));
    EXPECT_TRUE(has(text, "full hypervisors"));
    EXPECT_EQ(anchors_text(Grouped(timers_on_a_board()), Verbosity::kFull, kColumns), "");
    LogText log;
    log.begin({"a"}).row("hypercall", kGuest, Json{{"path", "null-dispatch"}}, "hyp-instructions",
                         21);
    const Results calls = judged_results(parse_log(log.scenario("a").end().text()));
    EXPECT_EQ(line_with(anchors_text(Grouped(calls), Verbosity::kFull, kColumns), "hypercall"),
              "hypercall, to HYP and back 21 553 450 1,234 1");
}

TEST(HostTimerTables, ExitsStandBesideThoseOfOtherHypervisors) {
    LogText log;
    log.begin({"a"});
    const auto exit = [&log](const std::string& setting, const char* name, double count) {
        log.row("exits", setting, Json{{"exit", name}}, "exit", count);
    };
    exit(kNative, "actlr-read", 1);
    exit(kGuest, "actlr-read", 35);
    exit(kGuest, "psci-version", 25);
    exit(kGuest, "sgi-self", 117);
    exit(kGuest, "device-read", 61);
    exit(kGuest, "pl011-read", 62);
    const Results exits = judged_results(parse_log(log.scenario("a").end().text()));
    const std::string text = anchors_text(Grouped(exits), Verbosity::kFull, kColumns);
    EXPECT_EQ(line_with(text, "hypercall"), "hypercall, to HYP and back 25 553 450 1,234 1");
    EXPECT_EQ(line_with(text, "ACTLR"), "ACTLR read, trapped 35 532 470 1,463 0");
    EXPECT_EQ(line_with(text, "SGI to"), "SGI to itself 117 1,288 never 2,445 11");
    EXPECT_EQ(line_with(text, "PL011"), "PL011 flags read, emulated 62 745 708 2,138 0");
    EXPECT_FALSE(has(text, "GICD_CTLR"));
}

TEST(HostTimerTables, MeasuredHypervisorsStandInThePlaceOfQuotedOnes) {
    FakeHypervisor xen = fake_xen();
    xen.exits.emplace_back("actlr-read", 530);
    const std::vector<Results> others{alone_results(fake_native()), alone_results(xen)};
    const GroupedRows rows(whole().rows);
    const std::string text = anchors_text({whole(), rows, others}, Verbosity::kFull, kColumns);
    EXPECT_EQ(line_with(text, "instructions"), "instructions hypmeter native xen");
    // To the application on both sides, and by the means: a tenth takes 100 more.
    EXPECT_EQ(line_with(text, "spinning"), "timer to application, spinning 86 50 1,250");
    EXPECT_EQ(line_with(text, "in WFI"), "timer to application, in WFI 86 60 9,450");
    for (const char* const quoted : {"Xvisor", "KVM", "9,416", "quoted", "ACTLR"}) {
        EXPECT_FALSE(has(text, quoted)) << quoted;
    }
    LogText log;
    log.begin({"a"}).row("exits", kGuest, Json{{"exit", "actlr-read"}}, "exit", 35);
    const Results ours = judged_results(parse_log(log.scenario("a").end().text()));
    const GroupedRows exits(ours.rows);
    EXPECT_EQ(line_with(anchors_text({ours, exits, others}, Verbosity::kFull, kColumns), "ACTLR"),
              "ACTLR read, trapped 35 - 540");
}

TEST(HostTimerTables, ASummaryOfAllDeliveriesFitsOnAFewScreens) {
    const std::string answer = answer_text(answer_of(Grouped(whole())), kColumns);
    const std::string text = results_text(Grouped(whole()), Verbosity::kSummary, kColumns);
    ASSERT_TRUE(text.starts_with(answer));
    // The answer has a limit of its own.
    EXPECT_LE(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(answer.size()), text.end(), '\n'),
        125);
}

TEST(HostTimerTables, WithoutTheirRowsTheyAreEmpty) {
    for (const std::string& text :
         {figure7_text(Grouped(Results{}), Verbosity::kFull, kColumns), sharing(Results{}),
          worst_text(Grouped(Results{}), Verbosity::kFull, kColumns),
          anchors_text(Grouped(Results{}), Verbosity::kFull, kColumns)}) {
        EXPECT_EQ(text, "");
    }
}

}  // namespace
}  // namespace hm::host::testing
