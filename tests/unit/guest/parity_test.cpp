#include "guest/bench/parity.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::ParityLoop;
using measure::Sample;
using test::FakeMachine;

/// The checksum of `rounds` rounds, each from the one before.
template <class Round>
std::uint32_t chained(Round round, int rounds) {
    std::uint32_t checksum = 1;
    for (int i = 0; i < rounds; ++i) {
        checksum = round(checksum);
    }
    return checksum;
}

// Computed on x86-64, and on a Cortex-A15 of QEMU with VFPv4.
TEST(Parity, ChecksumsAreThoseOfEveryMachine) {
    EXPECT_EQ(integer_round(1), 0x865ACEEFU);
    EXPECT_EQ(integer_round(0xFFFFFFFF), 0x7AA3A740U);
    EXPECT_EQ(chained(integer_round, 1000), 0x4B9E1D4CU);
    EXPECT_EQ(float_round(1), 0x992AF6FCU);
    EXPECT_EQ(float_round(0xFFFFFFFF), 0x6D1847A2U);
    EXPECT_EQ(chained(float_round, 1000), 0xA2F27EF9U);
}

TEST(Parity, EverySeedHasAChecksumOfItsOwn) {
    for (const auto round : {&integer_round, &float_round}) {
        std::set<std::uint32_t> checksums;
        for (std::uint32_t seed = 0; seed < 500; ++seed) {
            checksums.insert(round(seed));
            checksums.insert(round(seed << 20 | 0x80000));
        }
        EXPECT_EQ(checksums.size(), 1000U);
    }
}

TEST(ParityLoop, EveryRoundAfterTheFirstIsASampleAndStartsFromTheOneBefore) {
    for (const ParityLoop which : {ParityLoop::kInteger, ParityLoop::kFloat}) {
        FakeMachine machine;
        std::vector<Sample> room(9);
        SampleLog<Sample> log(room);
        const std::uint32_t checksum = parity_loop(machine, which, log);
        EXPECT_EQ(log.count(), 9U);
        EXPECT_EQ(checksum, chained(which == ParityLoop::kFloat ? float_round : integer_round, 10));
        for (const Sample& sample : room) {
            EXPECT_EQ(sample.ticks, 0U);  // the machine's clock does not move with computing
            EXPECT_EQ(sample.guest_instructions, 2 * FakeMachine::kReading);
        }
    }
}

TEST(ParityLoop, TwoRunsComputeTheSame) {
    for (const ParityLoop which : {ParityLoop::kInteger, ParityLoop::kFloat}) {
        FakeMachine machine;
        std::vector<Sample> room(20);
        SampleLog<Sample> one(room);
        SampleLog<Sample> other(room);
        EXPECT_EQ(parity_loop(machine, which, one), parity_loop(machine, which, other));
    }
}

}  // namespace
}  // namespace hm::guest
