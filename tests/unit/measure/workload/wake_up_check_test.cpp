#include "measure/workload/wake_up_check.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace hm::measure {
namespace {

/// An injected wake-up whose stamps add up; `number` counts from 1.
WakeUp injected(std::uint32_t number) {
    const std::uint32_t begin = number * 10'000;
    WakeUp event{};
    event.number = number;
    event.deadline_count = begin;
    event.hyp.sequence = number;
    event.hyp.vector_count = begin + 3;
    event.hyp.vector = 50 + begin + 3;
    event.hyp.acknowledged = event.hyp.vector + 10;
    event.hyp.list_register = event.hyp.vector + 30;
    event.hyp.guest_return = event.hyp.vector + 40;
    event.vector_count = begin + 50;
    event.vector = 50 + begin + 50;
    event.acknowledged = event.vector + 20;
    event.handler_done = event.vector + 50;
    event.application_count = begin + 130;
    event.application = 50 + begin + 130;
    return event;
}

/// The same where the guest did not run when its deadline passed.
WakeUp deferred(std::uint32_t number) {
    WakeUp event = injected(number);
    event.hyp.deferred = number;
    event.hyp.scheduled_count = event.hyp.vector_count + 2;
    event.hyp.scheduled = event.hyp.vector + 2;
    event.hyp.switched_out = event.hyp.vector + 4;
    event.hyp.switched_in = event.hyp.vector + 8;
    return event;
}

std::vector<WakeUp> three() { return {injected(1), injected(2), injected(3)}; }

constexpr WakeUpRules kStamped{.delivery = Delivery::kInjected, .stamped = true};

TEST(WakeUpCheck, WakeUpsAsTheyShouldBePass) {
    EXPECT_EQ(complaint_about(three(), kStamped), "");
    EXPECT_EQ(complaint_about({}, kStamped), "");
    const std::vector<WakeUp> mixed{injected(1), deferred(2), injected(3)};
    EXPECT_EQ(complaint_about(mixed, {.delivery = Delivery::kShared, .stamped = true}), "");
}

TEST(WakeUpCheck, TheFirstSequenceNumberIsFree) {
    const std::vector<WakeUp> late{injected(17), injected(18)};
    EXPECT_EQ(complaint_about(late, kStamped), "");
}

TEST(WakeUpCheck, AWakeUpThatWasTakenAgainTakesItsInterruptWithIt) {
    const std::vector<WakeUp> again{injected(1), injected(3), injected(4)};
    EXPECT_EQ(complaint_about(again, kStamped), "");
}

TEST(WakeUpCheck, AnInterruptThatIsInjectedTwiceIsFound) {
    auto events = three();
    events[2].hyp.sequence = 4;
    EXPECT_NE(complaint_about(events, kStamped).find("more or fewer"), std::string_view::npos);
}

TEST(WakeUpCheck, AnInterruptThatIsNotInjectedIsFound) {
    auto events = three();
    events[1].hyp.sequence = 1;
    EXPECT_NE(complaint_about(events, kStamped).find("more or fewer"), std::string_view::npos);
}

TEST(WakeUpCheck, HypMustNotTakeAnInterruptThatGoesStraightToTheGuest) {
    auto events = three();
    for (const Delivery delivery : {Delivery::kNative, Delivery::kDirect}) {
        EXPECT_NE(complaint_about(events, {.delivery = delivery, .stamped = true})
                      .find("straight to the guest"),
                  std::string_view::npos);
    }
}

TEST(WakeUpCheck, AnApplicationThatWakesBeforeItsDeadlineIsFoundEvenWithoutStamps) {
    auto events = three();
    events[1].application_count = events[1].deadline_count - 1;
    EXPECT_NE(complaint_about(events, {}).find("before its deadline"), std::string_view::npos);
}

TEST(WakeUpCheck, AStampFromTheWakeUpBeforeIsFound) {
    auto events = three();
    events[1].hyp.list_register = events[0].hyp.list_register;
    EXPECT_NE(complaint_about(events, kStamped).find("older"), std::string_view::npos);
}

TEST(WakeUpCheck, OneTickThatNoLayerHasFailsWhereBothClocksAreOne) {
    auto events = three();
    ++events[2].application;
    EXPECT_NE(complaint_about(events, kStamped).find("do not add up"), std::string_view::npos);
}

TEST(WakeUpCheck, ASingleEventIsEnoughAmongMany) {
    std::vector<WakeUp> events;
    for (std::uint32_t i = 1; i <= 1000; ++i) {
        events.push_back(injected(i));
    }
    EXPECT_EQ(complaint_about(events, kStamped), "");
    --events[777].application_count;
    EXPECT_NE(complaint_about(events, kStamped), "");
}

TEST(WakeUpCheck, ClocksThatTickApartMayDifferByTheirTicksAndNoMore) {
    // PMCCNTR ticks 70 times as fast: 1.7 GHz beside 24 MHz.
    constexpr ClockRatio kRatio{.ticks = 1'700'000, .counter_ticks = 24'000};
    WakeUp event = injected(1);
    event.hyp.acknowledged = event.hyp.vector + 700;
    event.hyp.list_register = event.hyp.vector + 1'400;
    event.hyp.guest_return = event.hyp.vector + 2'100;
    event.vector = event.hyp.vector + 2'800;
    event.acknowledged = event.hyp.vector + 3'500;
    event.handler_done = event.hyp.vector + 4'000;
    event.application = event.hyp.vector + 7'083;
    event.application_count = event.hyp.vector_count + 100;
    WakeUpRules rules = kStamped;
    rules.ratio = kRatio;
    rules.tolerance = tolerance_of(Delivery::kInjected);
    EXPECT_EQ(complaint_about(std::span(&event, 1), rules), "");
    event.application_count += 2;
    EXPECT_EQ(complaint_about(std::span(&event, 1), rules), "");
    event.application_count += 1;
    EXPECT_NE(complaint_about(std::span(&event, 1), rules), "");
}

TEST(WakeUpCheck, WithoutAToleranceTheSumIsNotAskedFor) {
    auto events = three();
    events[2].application += 1'000;
    WakeUpRules rules = kStamped;
    rules.tolerance = std::nullopt;
    EXPECT_EQ(complaint_about(events, rules), "");
}

}  // namespace
}  // namespace hm::measure
