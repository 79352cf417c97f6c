#include "session/core/event_passes.hpp"

#include <gtest/gtest.h>

#include <set>

#include "drivers/pmu/registers.hpp"

namespace hm::session {
namespace {

TEST(EventPasses, ACortexA15CountsAllAtOnceAndACortexA7TwoAtATime) {
    // Six and four counters, of which two count instructions (TRM 11.1 of each).
    EXPECT_EQ(pmu::memory_events_at_once(6), 4U);
    EXPECT_EQ(pmu::memory_events_at_once(4), 2U);
    EXPECT_EQ(pmu::memory_events_at_once(2), 0U);
    EXPECT_EQ(pmu::memory_events_at_once(0), 0U);
    EXPECT_EQ(EventPasses(0b1111, 4).count(), 1U);
    EXPECT_EQ(EventPasses(0b1111, 2).count(), 2U);
    EXPECT_EQ(EventPasses(0b1111, 3).count(), 2U);
    EXPECT_EQ(EventPasses(0b1111, 1).count(), 4U);
}

TEST(EventPasses, AGuestRunsOnceWhereNothingIsCounted) {
    for (const EventPasses none : {EventPasses(0, 4), EventPasses(0b1111, 0), EventPasses(0, 0)}) {
        EXPECT_EQ(none.count(), 1U);
        EXPECT_EQ(none.events(), 0U);
        EXPECT_EQ(none.event_of(0, 0), measure::kEvents);
    }
}

TEST(EventPasses, EachEventIsCountedInOnePass) {
    for (std::uint32_t events = 0; events < 16; ++events) {
        for (std::uint32_t at_once = 1; at_once <= measure::kEvents; ++at_once) {
            const EventPasses passes(events, at_once);
            std::multiset<std::uint32_t> counted;
            for (std::uint32_t pass = 0; pass < passes.count(); ++pass) {
                for (std::uint32_t counter = 0; counter < measure::kEvents; ++counter) {
                    if (const auto event = passes.event_of(pass, counter);
                        event < measure::kEvents) {
                        EXPECT_LT(counter, at_once) << "there is no such counter";
                        counted.insert(event);
                    }
                }
            }
            for (std::uint32_t event = 0; event < measure::kEvents; ++event) {
                EXPECT_EQ(counted.count(event), events >> event & 1) << events << " " << at_once;
            }
        }
    }
}

TEST(EventPasses, WhatWasCountedIsPutTogether) {
    const EventPasses passes(0b1111, 2);
    EventCounts all{};
    passes.sort(0, {50, 30, 7, 7}, all);
    passes.sort(1, {17, 19, 7, 7}, all);
    EXPECT_EQ(all, (EventCounts{50, 30, 17, 19}));
}

TEST(EventPasses, AnEventThatTheCoreLacksLeavesItsCounterToTheNext) {
    const EventPasses passes(0b1101, 2);
    EXPECT_EQ(passes.count(), 2U);
    EventCounts all{};
    passes.sort(0, {50, 17, 7, 7}, all);
    passes.sort(1, {19, 7, 7, 7}, all);
    EXPECT_EQ(all, (EventCounts{50, 0, 17, 19}));
}

}  // namespace
}  // namespace hm::session
