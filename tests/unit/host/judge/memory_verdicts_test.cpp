#include "host/judge/memory_verdicts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/host/judge/verdict_state.hpp"
#include "tests/unit/host/rows/memory_log.hpp"

namespace hm::host::testing {
namespace {

/// What a verdict about chases looks at.
void write_a_few_chases(MemoryLog& log) {
    for (const auto stage2 : {measure::Stage2::kOff, measure::Stage2::k4K, measure::Stage2::k2M}) {
        log.chase({{measure::Stage1::kLong4K, stage2}});
    }
}

/// A log of `part` whose rows of `workload` and `layer` in `setting` have `more` on top.
std::string changed(const MemoryPart& part, const std::string& workload, const std::string& setting,
                    const std::string& layer, double more,
                    const std::string& clock = "instructions") {
    FakeMemory fake{clock};
    fake.change = [=](const std::string& of, const Json&, const std::string& in,
                      const std::string& named, double value) {
        return of == workload && in == setting && named == layer ? value + more : value;
    };
    return memory_log(fake, {part});
}

TEST(HostMemoryVerdicts, AGoodRunPassesThemAll) {
    const std::string log = memory_log();
    for (const Verdict& verdict : judged(parse_log(log))) {
        EXPECT_TRUE(verdict.ok) << verdict.name << ": " << verdict.detail;
    }
    for (const char* name :
         {"a chase takes no fault", "tables as predicted", "faults as planned",
          "loops compute the same in every regime",
          "loops take as many instructions in every regime", "budget: fault-around of 16, a page",
          "budget: guest's own stage-1 fault", "budget: demand stage-2 fault",
          "guest instructions equal: chase page-random 8 MB lpae-4K, nested:2M/injected",
          "guest image equal natively and virtualized"}) {
        EXPECT_EQ(state(log, name), "ok") << name;
    }
}

TEST(HostMemoryVerdicts, WithoutTheirRowsThereAreNone) {
    std::vector<Verdict> verdicts;
    const RunLog log = parse_log(LogText().begin({}).end().text());
    judge_memory(log, GroupedRows(log.rows), verdicts);
    EXPECT_TRUE(verdicts.empty());
}

TEST(HostMemoryVerdicts, AChaseThatFaultsInItsTimedPartFails) {
    const std::string name = "a chase takes no fault";
    const std::string log =
        changed(write_a_few_chases, "chase", "nested:2M/injected", "stage1-faults", 2);
    EXPECT_EQ(state(log, name), "not ok");
    const std::vector<Verdict> verdicts = judged(parse_log(log));
    EXPECT_TRUE(has(find(verdicts, name)->detail,
                    "2 faults (chase page-random 8 MB lpae-4K nested:2M/injected)"));
    // Stage 2's are of the whole run.
    EXPECT_EQ(state(changed(write_a_few_chases, "chase", kGuest, "stage2-faults", 2), name), "ok");
}

TEST(HostMemoryVerdicts, TablesMayTakeAMegabyteMoreThanPredictedAndNothingLess) {
    const std::string name = "tables as predicted";
    constexpr double kImage = 4096;  // what the fake log has more anyway
    for (const char* layer : {"stage1-tables", "stage2-tables"}) {
        const auto log = [layer](double more) {
            return changed(write_a_few_chases, "chase", "nested:2M/injected", layer, more);
        };
        EXPECT_EQ(state(log(-kImage), name), "ok") << layer;
        EXPECT_EQ(state(log(-kImage - 1), name), "not ok") << layer;
        EXPECT_EQ(state(log(1024.0 * 1024 - kImage), name), "ok") << layer;
        EXPECT_EQ(state(log(1024.0 * 1024 - kImage + 1), name), "not ok") << layer;
    }
}

TEST(HostMemoryVerdicts, PageFaultsComeAsOftenAsPlannedInEachStage) {
    const std::string name = "faults as planned";
    for (const char* layer : {"stage1-faults", "stage2-faults"}) {
        for (const std::string& setting : {kNative, kGuest, std::string("stage2/injected")}) {
            for (const double more : {1.0, -1.0}) {
                EXPECT_EQ(state(changed(write_faults, "pagefault", setting, layer, more), name),
                          "not ok")
                    << layer << " " << setting;
            }
        }
    }
}

TEST(HostMemoryVerdicts, BudgetsOfFaultsHoldUpToTheirLimits) {
    const auto hyp = [](double more, const char* clock = "instructions") {
        return changed(write_faults, "pagefault", kGuest, "hyp-instructions", more, clock);
    };
    EXPECT_EQ(state(hyp(31), "budget: demand stage-2 fault"), "ok");
    EXPECT_EQ(state(hyp(32), "budget: demand stage-2 fault"), "not ok");
    const auto own = [](double more, const char* clock = "instructions") {
        return changed(write_faults, "pagefault", kNative, "fault", more, clock);
    };
    // 96 without stamps; with them more, which does not count.
    EXPECT_EQ(state(own(24), "budget: guest's own stage-1 fault"), "ok");
    EXPECT_EQ(state(own(25), "budget: guest's own stage-1 fault"), "not ok");
    EXPECT_EQ(state(own(25, "cycles"), "budget: guest's own stage-1 fault"), "absent");
}

TEST(HostMemoryVerdicts, APageOfAFaultAroundHasABudget) {
    const std::string name = "budget: fault-around of 16, a page";
    const auto log = [](double instructions, const std::string& clock = "instructions") {
        return memory_log({clock}, {[instructions](MemoryLog& text) {
                              text.boot("around-16", 128 * kMega, 10, 5000, 10, instructions);
                              text.boot("around-16", kMega, 10, 5000, 10, 99'999);
                              text.boot("around-32", 128 * kMega, 10, 5000, 10, 99'999);
                          }});
    };
    EXPECT_EQ(state(log(10 * 16 * 30), name), "ok");
    EXPECT_EQ(state(log(10 * 16 * 30 + 1), name), "not ok");
    EXPECT_EQ(state(log(10 * 16 * 30 + 1, "cycles"), name), "absent");
}

TEST(HostMemoryVerdicts, LoopsComputeTheSameEverywhereAndInAsManyInstructions) {
    const std::string values = "loops compute the same in every regime";
    const std::string ticks = "loops take as many instructions in every regime";
    for (const std::string& setting : {kGuest, std::string("stage2/injected")}) {
        EXPECT_EQ(state(changed(write_parity, "parity", setting, "checksum", 1), values), "not ok");
        EXPECT_EQ(state(changed(write_parity, "parity", setting, "round", 1), ticks), "not ok");
        EXPECT_EQ(state(changed(write_parity, "parity", setting, "round", 1), values), "ok");
        EXPECT_EQ(state(changed(write_parity, "parity", setting, "round", 1, "cycles"), ticks),
                  "absent");
    }
}

}  // namespace
}  // namespace hm::host::testing
