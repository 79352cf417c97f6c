#include "host/judge/agreements.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/host/judge/verdict_state.hpp"

namespace hm::host::testing {
namespace {

const std::string kAgree = "HYP's instructions are the ticks that it adds: ";

/// An idle wake-up, natively and as a guest.
std::string wake_ups(double native, double guest, double counted, const char* wait = "wfi",
                     const char* clock = "instructions") {
    const Json params = timer_params(wait, "idle", 0);
    return LogText()
        .begin({"a native/native", "a nested/injected"}, Json{{"clock", clock}})
        .row("timer", kNative, params, "deadline..application", native)
        .scenario("a native/native")
        .row("timer", kGuest, params, "deadline..application", guest)
        .row("timer", kGuest, params, "hyp-instructions", counted)
        .scenario("a nested/injected")
        .end()
        .text();
}

/// The faults of a guest's own stage, of stage 2, and of both.
std::string page_faults(double stage1, double stage2, double both, double counted) {
    LogText log;
    log.begin({"a"});
    const auto put = [&](const char* faults, double ticks, double instructions) {
        const Json params{{"faults", faults}, {"batch", 1}, {"stamps", 0}};
        log.row("pagefault", kGuest, params, "fault", ticks);
        log.row("pagefault", kGuest, params, "hyp-instructions", instructions);
    };
    put("stage1", stage1, 0);
    put("stage2", stage2, counted);
    put("both", both, counted);
    return log.scenario("a").end().text();
}

TEST(HostAgreements, AWakeUpIsLaterByWhatHypExecutes) {
    const std::string name = kAgree + "wake-up";
    EXPECT_EQ(state(wake_ups(49, 86, 37), name), "ok");
    EXPECT_EQ(state(wake_ups(49, 87, 37), name), "not ok");
    EXPECT_EQ(state(wake_ups(49, 86, 38), name), "not ok");
    EXPECT_EQ(state(wake_ups(49, 86, 0), name), "not ok") << "counters that count nothing in HYP";
    const std::vector<Verdict> verdicts = judged(parse_log(wake_ups(49, 86, 37)));
    const Verdict* verdict = find(verdicts, name);
    ASSERT_NE(verdict, nullptr);
    EXPECT_TRUE(has(verdict->detail, "37 ticks and 37 instructions (timer wait=wfi"))
        << verdict->detail;
}

TEST(HostAgreements, ATrappedWfiAndAClockThatCountsNoInstructionsAreNotCompared) {
    EXPECT_EQ(state(wake_ups(49, 90, 68, "wfi-trapped"), kAgree + "wake-up"), "absent");
    EXPECT_EQ(state(wake_ups(49, 86, 0, "wfi", "cycles"), kAgree + "wake-up"), "absent");
}

TEST(HostAgreements, AStage2FaultTakesWhatHypExecutesAndTheAccessThatIsDoneAgain) {
    const std::string name = kAgree + "stage-2 fault";
    EXPECT_EQ(state(page_faults(98, 97, 194, 96), name), "ok");
    EXPECT_EQ(state(page_faults(98, 96, 194, 96), name), "not ok");
    EXPECT_EQ(state(page_faults(98, 97, 194, 0), name), "not ok");
}

TEST(HostAgreements, AFaultOfBothStagesTakesWhatHypExecutesLongerThanOneOfTheGuests) {
    const std::string name = kAgree + "fault of both stages";
    EXPECT_EQ(state(page_faults(98, 97, 194, 96), name), "ok");
    EXPECT_EQ(state(page_faults(98, 97, 195, 96), name), "not ok");
    EXPECT_EQ(state(page_faults(97, 97, 194, 96), name), "not ok");
}

}  // namespace
}  // namespace hm::host::testing
