#include "guest/bench/exits.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::Sample;
using test::FakeMachine;

/// Each takes 9 instructions in HYP, and 4 ticks; what comes before and after it takes more.
struct FakeExit {
    FakeMachine& machine;
    std::uint32_t prepared = 0;
    std::uint32_t& exits;
    void prepare() {
        ++prepared;
        machine.hyp += 100;
        machine.now += 50;
    }
    void cause() {
        ++exits;
        EXPECT_EQ(prepared, exits);
        machine.hyp += 9;
        machine.now += 4;
    }
    void finish() {
        machine.hyp += 1000;
        machine.now += 500;
    }
};

TEST(ExitLoop, EachSampleIsOneExitAndOneWarmsUp) {
    FakeMachine machine;
    std::uint32_t exits = 0;
    std::vector<Sample> room(10);
    SampleLog<Sample> log(room);
    exit_loop(machine, FakeExit{.machine = machine, .exits = exits}, log);
    EXPECT_EQ(log.count(), 10U);
    EXPECT_EQ(exits, 11U);
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.ticks, 4U);
        EXPECT_EQ(sample.all_instructions - sample.guest_instructions, 9U);
    }
}

/// Wakes so many ticks after its deadline, one more each time.
struct FakeWait {
    FakeMachine& machine;
    std::uint32_t late = 20;
    std::uint64_t deadline = 0;
    void arm(std::uint64_t when) {
        EXPECT_GT(when, machine.now);
        deadline = when;
    }
    void wait() { machine.now = deadline + late++; }
    void finish() { machine.now += 5000; }
};

TEST(WaitLoop, EachSampleIsFromTheDeadlineToTheNextInstruction) {
    FakeMachine machine;
    std::vector<Sample> room(10);
    SampleLog<Sample> log(room);
    wait_loop(machine, FakeWait{.machine = machine}, 300, log);
    ASSERT_EQ(log.count(), 10U);
    for (std::uint32_t i = 0; i < room.size(); ++i) {
        EXPECT_EQ(room[i].ticks, 21 + i);
        EXPECT_TRUE(measure::exits::is_of(room[i], measure::exits::Kind::kCounter));
    }
}

}  // namespace
}  // namespace hm::guest
