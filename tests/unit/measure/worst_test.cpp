#include "measure/worst.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace hm::measure {
namespace {

std::vector<std::uint32_t> delays(const WorstEvents& worst) {
    std::vector<std::uint32_t> values;
    for (const WorstEvent& one : worst.events()) {
        values.push_back(one.delay);
    }
    return values;
}

TEST(Worst, FewEventsAreAllKeptTheWorstFirst) {
    WorstEvents worst;
    worst.add(0, 5);
    worst.add(1, 9);
    worst.add(2, 7);
    EXPECT_EQ(delays(worst), (std::vector<std::uint32_t>{9, 7, 5}));
    EXPECT_EQ(worst.events()[0].event, 1U);
}

TEST(Worst, OfManyTheEightWorstAreKept) {
    WorstEvents worst;
    std::vector<std::uint32_t> all;
    std::uint32_t random = 1;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        random = random * 1664525 + 1013904223;
        all.push_back(random >> 8);
        worst.add(i, random >> 8);
    }
    for (const WorstEvent& one : worst.events()) {
        EXPECT_EQ(all[one.event], one.delay);
    }
    std::sort(all.rbegin(), all.rend());
    all.resize(WorstEvents::kMost);
    EXPECT_EQ(delays(worst), all);
}

TEST(Worst, OfEqualOnesTheEarlierAreKept) {
    WorstEvents worst;
    for (std::uint32_t i = 0; i < 100; ++i) {
        worst.add(i, 42);
    }
    ASSERT_EQ(worst.events().size(), WorstEvents::kMost);
    for (std::uint32_t i = 0; i < WorstEvents::kMost; ++i) {
        EXPECT_EQ(worst.events()[i].event, i);
    }
}

}  // namespace
}  // namespace hm::measure
