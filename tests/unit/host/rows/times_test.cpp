// What a value of a row is in time.

#include "host/rows/times.hpp"

#include <gtest/gtest.h>

namespace hm::host::testing {
namespace {

Results timed() {
    Results results;
    results.clock = "cycles";
    results.ticks_hz = 1'700'000'000;
    results.parameters.set("counter_hz", std::uint64_t{25'000'000});
    return results;
}

TEST(HostTimes, CyclesGoByTheCoreAndTicksByTheCounter) {
    EXPECT_DOUBLE_EQ(in_nanoseconds(timed(), "cycles", 17).value_or(0), 10);
    EXPECT_DOUBLE_EQ(in_nanoseconds(timed(), "cycles/load", 17).value_or(0), 10);
    EXPECT_DOUBLE_EQ(in_nanoseconds(timed(), "counter ticks", 2).value_or(0), 80);
    EXPECT_DOUBLE_EQ(in_cycles(timed(), "counter ticks", 2).value_or(0), 136);
    EXPECT_DOUBLE_EQ(in_cycles(timed(), "cycles", 5).value_or(0), 5);
}

TEST(HostTimes, WhatIsNoTimeOfAMachineHasNone) {
    for (const char* const unit : {"instructions", "faults", "bytes", "rounds per million ticks"}) {
        EXPECT_EQ(in_nanoseconds(timed(), unit, 5), std::nullopt) << unit;
    }
    Results other = timed();
    for (const char* const clock : {"instructions", "emulator", "counter"}) {
        other.clock = clock;
        EXPECT_EQ(in_nanoseconds(other, "cycles", 5), std::nullopt) << clock;
    }
    other = timed();
    other.parameters = {};
    EXPECT_EQ(in_nanoseconds(other, "counter ticks", 5), std::nullopt);
    other.ticks_hz.reset();
    EXPECT_EQ(in_nanoseconds(other, "cycles", 5), std::nullopt);
    EXPECT_EQ(in_cycles(other, "cycles", 5), 5);
}

TEST(HostTimes, NanosecondsHaveNoMoreDigitsThanTheySay) {
    EXPECT_EQ(nanoseconds_text(39.736), "39.7");
    EXPECT_EQ(nanoseconds_text(147.059), "147");
    EXPECT_EQ(nanoseconds_text(19'616'961.4), "19,616,961");
    EXPECT_EQ(nanoseconds_text(std::nullopt), "-");
}

}  // namespace
}  // namespace hm::host::testing
