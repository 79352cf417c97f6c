#include "guest/bench/boot.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using test::FakeMachine;

constexpr std::uintptr_t kBase = 0x40000000;

TEST(BootLoop, EveryPageOfTheWorkingSetIsTouchedOnceInOrder) {
    FakeMachine machine;
    EXPECT_EQ(boot_loop(machine, kBase, 300 * kPageBytes), 300U);
    ASSERT_EQ(machine.touched.size(), 300U);
    for (std::size_t page = 0; page < 300; ++page) {
        EXPECT_EQ(machine.touched[page], kBase + page * kPageBytes);
    }
    EXPECT_TRUE(machine.checkpoints.empty());
}

TEST(BootLoop, TheWatchdogHearsOfEvery4096Pages) {
    FakeMachine machine;
    EXPECT_EQ(boot_loop(machine, kBase, 10'000 * kPageBytes), 10'000U);
    EXPECT_EQ(machine.checkpoints, (std::vector<std::uint32_t>{4096, 8192}));
}

}  // namespace
}  // namespace hm::guest
