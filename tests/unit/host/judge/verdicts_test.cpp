#include "host/judge/verdicts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/host/judge/verdict_state.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

/// A log of one scenario with one row.
std::string one_row(const std::string& workload, const std::string& setting, const Json& params,
                    const std::string& layer, double value,
                    const std::string& clock = "instructions") {
    return LogText()
        .begin({"s " + setting}, Json{{"clock", clock}})
        .row(workload, setting, params, layer, value)
        .scenario("s " + setting)
        .end()
        .text();
}

TEST(HostVerdicts, AGoodRunPassesThemAll) {
    const Results results = judged_results(parse_log(good_log()));
    for (const Verdict& verdict : results.verdicts) {
        EXPECT_TRUE(verdict.ok) << verdict.name << ": " << verdict.detail;
    }
    EXPECT_TRUE(results.ok());
    EXPECT_EQ(results.native_crc32, 0xabcdu);
    EXPECT_EQ(results.guest_crc32, 0xabcdu);
    const Verdict* timer = find(results.verdicts, "budget: timer injection");
    ASSERT_NE(timer, nullptr);
    EXPECT_TRUE(has(timer->detail, "44 instructions, 20 to 45 allowed"));
}

TEST(HostVerdicts, ARunThatSaidNothingIsNotOk) {
    EXPECT_FALSE(judged_results(parse_log("")).ok());
    EXPECT_FALSE(Results{}.ok());
}

TEST(HostVerdicts, AFailedScenarioVerdictOrEndFailsTheRun) {
    EXPECT_EQ(
        state(LogText().begin({"a"}).scenario("a", Json{{"ok", false}}).end().text(), "scenario a"),
        "not ok");
    LogText log;
    log.begin({}).record("verdict", Json{{"name", "v"}, {"ok", false}, {"detail", ""}}).end();
    EXPECT_EQ(state(log.text(), "v"), "not ok");
    EXPECT_EQ(state(LogText().begin({}).end(false).text(), "target reports success"), "not ok");
}

TEST(HostVerdicts, AFaultInTheLogNamesTheFirstAndCountsTheRest) {
    const std::vector<Verdict> verdicts = judged(parse_log(LogText().begin({"a", "b"}).text()));
    const Verdict* complete = find(verdicts, "log complete");
    ASSERT_NE(complete, nullptr);
    EXPECT_FALSE(complete->ok);
    EXPECT_TRUE(has(complete->detail, "no end record"));
    EXPECT_TRUE(has(complete->detail, "(and 2 more)"));
}

TEST(HostVerdicts, AnotherImageInOneWorldFails) {
    const std::string name = "guest image equal natively and virtualized";
    const auto log = [](const Json& changes) {
        return LogText()
            .begin({"a x native/native", "a x nested/injected", "b nested/injected"})
            .scenario("a x native/native")
            .scenario("a x nested/injected", changes)
            .scenario("b nested/injected", Json{{"parameters_crc32", 99}})
            .end()
            .text();
    };
    EXPECT_EQ(state(log(Json::object()), name), "ok");
    EXPECT_EQ(state(log(Json{{"guest_crc32", 1}}), name), "not ok");
    EXPECT_EQ(state(log(Json{{"parameters_crc32", 1}}), name), "not ok");
}

TEST(HostVerdicts, TheGuestAloneKeepsItsImage) {
    const std::string name = "guest image equal in each scenario";
    const auto log = [](const Json& changes) {
        return LogText()
            .begin({"a x alone/alone", "b alone/alone"}, Json{{"board", "alone"}})
            .scenario("a x alone/alone")
            .scenario("b alone/alone", changes)
            .end()
            .text();
    };
    EXPECT_EQ(state(log(Json::object()), name), "ok");
    EXPECT_EQ(state(log(Json{{"guest_crc32", 1}}), name), "not ok");
}

TEST(HostVerdicts, EachBudgetHoldsFromItsLeastToItsLimitAndNoFurther) {
    struct Case {
        std::string name, workload;
        Json params;
        double least, limit;
        std::string setting = kGuest;
    };
    for (const Case& budget :
         {Case{"hypercall answered by the vector", "hypercall", Json{{"path", "vector-only"}}, 1,
               1},
          Case{"null hypercall, fast path", "hypercall", Json{{"path", "null-fast"}}, 4, 12},
          Case{"null hypercall, dispatcher", "hypercall", Json{{"path", "null-dispatch"}}, 10, 30},
          Case{"switch that a guest asks for", "hypercall", Json{{"path", "yield"}}, 200, 270},
          Case{"timer injection", "timer", Json{{"stamps", 0}}, 20, 45},
          Case{"timer injection, end of interrupt by maintenance", "timer", Json{{"stamps", 0}}, 40,
               120, "nested/injected-soft"},
          Case{"direct delivery", "timer", Json{{"stamps", 0}}, 0, 0, "nested/direct"},
          Case{"demand stage-2 fault", "demand", Json{{"pages", 256}}, 40, 150}}) {
        const auto log = [&budget](double value) {
            return one_row(budget.workload, budget.setting, budget.params, "hyp-instructions",
                           value);
        };
        EXPECT_EQ(state(log(budget.limit), "budget: " + budget.name), "ok");
        EXPECT_EQ(state(log(budget.limit + 0.5), "budget: " + budget.name), "not ok");
        EXPECT_EQ(state(log(budget.least), "budget: " + budget.name), "ok");
        if (budget.least > 0) {
            EXPECT_EQ(state(log(budget.least - 0.5), "budget: " + budget.name), "not ok");
            EXPECT_EQ(state(log(0), "budget: " + budget.name), "not ok");
        }
    }
}

TEST(HostVerdicts, AMachineThatDoesNotCountInstructionsHasNoBudgets) {
    EXPECT_EQ(state(one_row("timer", kGuest, Json{{"stamps", 0}}, "hyp-instructions", 99, "cycles"),
                    "budget: timer injection"),
              "absent");
}

TEST(HostVerdicts, ATrappedWfiIsNoPartOfTheBudgetOfAnInterrupt) {
    const auto log = [](const char* wait) {
        return one_row("timer", kGuest, timer_params(wait, "idle", 0), "hyp-instructions", 99);
    };
    EXPECT_EQ(state(log("wfi-trapped"), "budget: timer injection"), "absent");
    EXPECT_EQ(state(log("wfi"), "budget: timer injection"), "not ok");
    EXPECT_EQ(state(log("spin"), "budget: timer injection"), "not ok");
}

TEST(HostVerdicts, BoostedHasABudgetOverTheSwitchToItsOwner) {
    const std::string name = "budget: boosted delivery, HYP vector to guest vector";
    const auto log = [](const char* setting, const char* load, double value) {
        return one_row("timer", setting, timer_params("wfi", load, 1, 10000),
                       "hyp-vector..guest-vector", value);
    };
    EXPECT_EQ(state(log("nested/boosted", "vm-compute", 500), name), "ok");
    EXPECT_EQ(state(log("nested/boosted", "vm-compute", 501), name), "not ok");
    EXPECT_EQ(state(log("nested/boosted", "vm-fault", 501), name), "absent");
    EXPECT_EQ(state(log("nested/shared", "vm-compute", 5'000'000), name), "absent");
}

TEST(HostVerdicts, NobodyWaitsForLongerThanASliceAndASwitch) {
    const Json params = timer_params("wfi", "vm-compute", 0, 2000);
    const std::string name =
        "waits no longer than a slice: timer wait=wfi load=vm-compute slice_us=2000 "
        "period_us=1000 dither_us=2000 count=1000 warm_up=16 stamps=0";
    const auto log = [&params](double longest, bool with_injected, const char* clock) {
        LogText text;
        text.begin({"a"}, Json{{"clock", clock}});
        if (with_injected) {
            text.row("timer", kGuest, timer_params("wfi", "idle", 0), "deadline..application", 86);
        }
        text.row_of("timer", "nested/shared", params, "deadline..application", "instructions",
                    Json{{"count", 5}, {"min", 90}, {"mean", 100}, {"max", longest}});
        return text.scenario("a").end().text();
    };
    EXPECT_EQ(state(log(2'000'000 + 340 + 2 * 86, true, "instructions"), name), "ok");
    EXPECT_EQ(state(log(2'000'000 + 481 + 2 * 86, true, "instructions"), name), "not ok");
    EXPECT_EQ(state(log(2'000'000 + 340 + 2 * 90, false, "instructions"), name), "ok");
    EXPECT_EQ(state(log(2'000'000 + 481 + 2 * 90, false, "instructions"), name), "not ok");
    EXPECT_EQ(state(log(9'000'000, true, "emulator"), name), "absent");
    const std::vector<Verdict> verdicts = judged(parse_log(log(3'000'000, true, "instructions")));
    const Verdict* verdict = find(verdicts, name);
    ASSERT_NE(verdict, nullptr);
    EXPECT_EQ(verdict->detail,
              "3,000,000 of at most 2,000,512: a slice (2,000,000), a switch (340), twice an "
              "injected wake-up (86)");
}

TEST(HostVerdicts, TheWholeTimerWorkloadPasses) {
    const std::string log = timer_log();
    for (const Verdict& verdict : judged(parse_log(log))) {
        EXPECT_TRUE(verdict.ok) << verdict.name << ": " << verdict.detail;
    }
    for (const char* name :
         {"budget: timer injection", "budget: timer injection, end of interrupt by maintenance",
          "budget: direct delivery", "budget: boosted delivery, HYP vector to guest vector",
          "no monitor instructions natively"}) {
        EXPECT_EQ(state(log, name), "ok") << name;
    }
    const std::string params =
        "timer wait=wfi load=idle period_us=1000 dither_us=0 count=1000 warm_up=16 stamps=0";
    for (const char* delivery : {"injected", "injected-soft", "direct"}) {
        EXPECT_EQ(state(log, "guest instructions equal: " + params + ", nested/" + delivery), "ok");
    }
}

TEST(HostVerdicts, WhatWasSkippedHasNoImageAndSaysWhy) {
    const Json skipped{{"skipped", true},
                       {"detail", "needs two cores"},
                       {"guest_crc32", 0},
                       {"parameters_crc32", 0}};
    const std::string log = LogText()
                                .begin({"a native/native", "a nested/injected"})
                                .scenario("a native/native", skipped)
                                .scenario("a nested/injected")
                                .end()
                                .text();
    const Results results = judged_results(parse_log(log));
    EXPECT_TRUE(results.ok());
    EXPECT_EQ(results.native_crc32, std::nullopt);
    EXPECT_EQ(results.guest_crc32, 0xabcdu);
    EXPECT_EQ(results.skipped, (std::vector<Skip>{{"a native/native", "needs two cores"}}));
    const Verdict* image = find(results.verdicts, "guest image equal natively and virtualized");
    ASSERT_NE(image, nullptr);
    EXPECT_TRUE(has(image->detail, "before each of 1 scenarios"));
    const Verdict* scenario = find(results.verdicts, "scenario a native/native");
    ASSERT_NE(scenario, nullptr);
    EXPECT_EQ(scenario->detail, "skipped: needs two cores");
    EXPECT_EQ(state(log, "something was measured"), "absent");
}

TEST(HostVerdicts, ARunThatSkippedEverythingIsNotOk) {
    const Json skipped{{"skipped", true}, {"detail", "needs two cores"}};
    const std::string log = LogText().begin({"a"}).scenario("a", skipped).end().text();
    EXPECT_EQ(state(log, "something was measured"), "not ok");
    EXPECT_EQ(state(log, "guest image equal natively and virtualized"), "absent");
    EXPECT_FALSE(judged_results(parse_log(log)).ok());
}

TEST(HostVerdicts, TheWorstRowCounts) {
    LogText log;
    log.begin({"a nested/injected"});
    for (const int value : {40, 46, 41}) {
        log.row("timer", kGuest, Json{{"stamps", 0}, {"count", value}}, "hyp-instructions", value);
    }
    log.scenario("a nested/injected").end();
    EXPECT_EQ(state(log.text(), "budget: timer injection"), "not ok");
}

TEST(HostVerdicts, StampsTableAllocationsAndOtherPathsHaveNoBudget) {
    EXPECT_EQ(state(one_row("timer", kGuest, Json{{"stamps", 1}}, "hyp-instructions", 99),
                    "budget: timer injection"),
              "absent");
    EXPECT_EQ(state(one_row("demand", kGuest, Json{{"pages", 256}},
                            "hyp-instructions-with-new-table", 999),
                    "budget: demand stage-2 fault"),
              "absent");
    for (const Verdict& verdict : judged(parse_log(
             one_row("hypercall", kGuest, Json{{"path", "another"}}, "hyp-instructions", 999)))) {
        EXPECT_TRUE(verdict.ok) << verdict.name;
    }
}

TEST(HostVerdicts, TheMonitorAddsNothingNatively) {
    const std::string name = "no monitor instructions natively";
    EXPECT_EQ(state(one_row("chase", kNative, Json::object(), "hyp-instructions", 0), name), "ok");
    EXPECT_EQ(state(one_row("chase", kNative, Json::object(), "hyp-instructions", 0.001), name),
              "not ok");
    EXPECT_EQ(
        state(one_row("demand", kNative, Json::object(), "hyp-instructions-with-new-table", 1),
              name),
        "not ok");
    EXPECT_EQ(state(one_row("chase", kGuest, Json::object(), "hyp-instructions", 0), name),
              "absent");
}

TEST(HostVerdicts, TheNativeVectorIsInTimeWhereInstructionsAreTheClock) {
    const std::string name = "native vector reads the counter in time";
    const auto log = [](double value, const std::string& clock) {
        return one_row("timer", kNative, Json{{"stamps", 1}}, "deadline..guest-vector", value,
                       clock);
    };
    EXPECT_EQ(state(log(3, "instructions"), name), "ok");
    EXPECT_EQ(state(log(4, "instructions"), name), "not ok");
    EXPECT_EQ(state(log(4, "cycles"), name), "absent");
}

TEST(HostVerdicts, AGuestsShareThatDiffersInOneOfItsStatisticsIsNotTheSame) {
    const auto log = [](double min, double mean, double max) {
        const Json params{{"bytes", 65536}};
        const auto statistics = [](double least, double middle, double most) {
            return Json{{"count", 9}, {"min", least}, {"mean", middle}, {"max", most}};
        };
        return LogText()
            .begin({"a native/native", "a nested/injected"})
            .row_of("chase", kNative, params, "pl-instructions", "instructions",
                    statistics(5, 6, 9))
            .scenario("a native/native")
            .row_of("chase", kGuest, params, "pl-instructions", "instructions",
                    statistics(min, mean, max))
            .scenario("a nested/injected")
            .end()
            .text();
    };
    const std::string name = "guest instructions equal: chase 64 KB, nested/injected";
    EXPECT_EQ(state(log(5, 6, 9), name), "ok");
    EXPECT_EQ(state(log(4, 6, 9), name), "not ok");
    EXPECT_EQ(state(log(5, 6.5, 9), name), "not ok");
    EXPECT_EQ(state(log(5, 6, 10), name), "not ok");
}

TEST(HostVerdicts, TheGuestsOwnShareIsTheSameInBothWorlds) {
    const std::string name = "guest instructions equal: chase 64 KB, nested/injected";
    const auto log = [](double guest, const Json& params) {
        return LogText()
            .begin({"a native/native", "a nested/injected"})
            .row("chase", kNative, Json{{"bytes", 65536}}, "pl-instructions", 5.5)
            .scenario("a native/native")
            .row("chase", kGuest, params, "pl-instructions", guest)
            .scenario("a nested/injected")
            .end()
            .text();
    };
    EXPECT_EQ(state(log(5.5, Json{{"bytes", 65536}}), name), "ok");
    EXPECT_EQ(state(log(5.501, Json{{"bytes", 65536}}), name), "not ok");
    EXPECT_EQ(state(log(9, Json{{"bytes", 1024}}), name), "absent");
}

}  // namespace
}  // namespace hm::host::testing
