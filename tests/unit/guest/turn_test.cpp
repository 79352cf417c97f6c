#include "guest/bench/turn.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::Sample;

/// Every so many readings of the counters, HYP takes the core away and gives it back: now between
/// two readings, now between the two halves of one.
struct TurningMachine : test::FakeMachine {
    static constexpr std::uint32_t kReadingCost = 11;
    static constexpr std::uint32_t kInHyp = 870;     ///< of a turn, there and back
    static constexpr std::uint32_t kOther = 40'000;  ///< instructions of the other VM meanwhile
    std::uint32_t readings = 0;
    std::uint32_t guest = 0;
    std::uint32_t turns = 0;

    Instructions instructions() {
        ++readings;
        guest += kReadingCost;
        const std::uint32_t all = guest + hyp;
        const bool in_the_middle = readings % 100 == 50;
        if (in_the_middle || readings % 100 == 99) {
            guest += kOther;
            hyp += kInHyp + turns % 2;
            ++turns;
        }
        // What has run since the first half is in the second.
        return {in_the_middle ? all : guest + hyp, guest};
    }
};

TEST(TurnLoop, EachSampleIsOneTurnWhereverItCame) {
    TurningMachine machine;
    std::vector<Sample> room(20);
    SampleLog<Sample> log(room);
    turn_loop(machine, log);
    ASSERT_EQ(log.count(), 20U);
    for (std::uint32_t i = 0; i < room.size(); ++i) {
        EXPECT_EQ(room[i].all_instructions - room[i].guest_instructions,
                  TurningMachine::kInHyp + i % 2)
            << i;
    }
    EXPECT_EQ(machine.turns, 20 + kFirstTurns) << "none was missed, and none counted twice";
}

}  // namespace
}  // namespace hm::guest
