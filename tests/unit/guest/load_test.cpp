#include "guest/bench/load.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace hm::guest {
namespace {

namespace load = measure::load;

/// Counts what a load asks for.
struct FakeLoadMachine {
    std::vector<std::uint32_t> kept;
    std::set<std::uintptr_t> mapped;
    unsigned faults = 0, waits = 0, calls = 0, yields = 0;

    void keep(std::uint32_t value) { kept.push_back(value); }
    void touch(std::uintptr_t address) { faults += mapped.insert(address).second ? 1 : 0; }
    void release_page(std::uintptr_t address) { mapped.erase(address); }
    void wait_for_interrupt() { ++waits; }
    void call() { ++calls; }
    void yield() { ++yields; }
};
static_assert(LoadMachineLike<FakeLoadMachine>);

TEST(Load, EachRoundFaultsOnEveryPageAgain) {
    FakeLoadMachine machine;
    for (unsigned round = 1; round <= 3; ++round) {
        load_round(machine, load::kFault, 0x40000000, 16 * kPageBytes);
        EXPECT_EQ(machine.faults, round * 16);
    }
    EXPECT_TRUE(machine.mapped.empty());
}

TEST(Load, ARoundOfComputingKeepsWhatItComputed) {
    FakeLoadMachine machine;
    load_round(machine, load::kCompute, 0, 0);
    ASSERT_EQ(machine.kept.size(), 1U);
    EXPECT_NE(machine.kept[0], 0U);
}

TEST(Load, CallsAndYieldsAreOneARound) {
    FakeLoadMachine machine;
    load_round(machine, load::kHypercall, 0, 0);
    load_round(machine, load::kYield, 0, 0);
    EXPECT_EQ(machine.calls, 1U);
    EXPECT_EQ(machine.yields, 1U);
}

TEST(Load, AnIdleVmWaits) {
    FakeLoadMachine machine;
    load_round(machine, load::kIdle, 0, 0);
    EXPECT_EQ(machine.waits, 1U);
}

}  // namespace
}  // namespace hm::guest
