#include "host/machine/standstill.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hm::host {
namespace {

constexpr char kException = 2;

std::string exceptions(std::size_t count) { return std::string(count, kException); }

/// An event of instructions, as replay_save_instructions() writes it: its kind, and a count of four
/// bytes.
const std::string kInstructions("\0\0\0\0\1", 5);

TEST(HostStandstill, ExceptionsWithoutAnInstructionBetweenAreFoundHoweverTheyAreCut) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}, Standstill::kMost}) {
        Standstill standstill;
        standstill.take(kInstructions);
        for (std::size_t taken = 0; taken < Standstill::kMost; taken += piece) {
            EXPECT_FALSE(standstill.found());
            standstill.take(exceptions(piece));
        }
        EXPECT_TRUE(standstill.found()) << piece;
    }
}

TEST(HostStandstill, OneLessIsNotEnough) {
    Standstill standstill;
    standstill.take(exceptions(Standstill::kMost - 1));
    EXPECT_FALSE(standstill.found());
}

TEST(HostStandstill, AnInstructionAmongThemMovesTheClock) {
    Standstill standstill;
    for (int round = 0; round < 8; ++round) {
        standstill.take(exceptions(Standstill::kMost / 2));
        standstill.take(kInstructions);
    }
    EXPECT_FALSE(standstill.found());
    standstill.take(exceptions(Standstill::kMost - 1) + kInstructions +
                    exceptions(Standstill::kMost - 1));
    EXPECT_FALSE(standstill.found());
}

TEST(HostStandstill, NothingIsFoundInNothing) {
    Standstill standstill;
    standstill.take("");
    EXPECT_FALSE(standstill.found());
}

}  // namespace
}  // namespace hm::host
