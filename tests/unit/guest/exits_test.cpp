#include "guest/bench/exits.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::Sample;
using test::FakeMachine;

TEST(ExitLoop, EachSampleIsOneExitAndOneWarmsUp) {
    FakeMachine machine;
    std::uint32_t exits = 0;
    // Each takes 9 instructions in HYP, and 4 ticks.
    const auto cause = [&] {
        ++exits;
        machine.hyp += 9;
        machine.now += 4;
    };
    std::vector<Sample> room(10);
    SampleLog<Sample> log(room);
    exit_loop(machine, cause, log);
    EXPECT_EQ(log.count(), 10U);
    EXPECT_EQ(exits, 11U);
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.ticks, 4U);
        EXPECT_EQ(sample.all_instructions - sample.guest_instructions, 9U);
    }
}

}  // namespace
}  // namespace hm::guest
