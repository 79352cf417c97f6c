#include "hyp/core/demand.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

DemandFrames frames(std::uint64_t pages, std::uint32_t window) {
    return demand_frames({.range = {{0x4010'0000}, pages * mmu::kFrameBytes},
                          .target = {0x8020'0000},
                          .window = window});
}

TEST(Demand, ARangeIsCountedInFrames) {
    const DemandFrames demand = frames(10, 4);
    EXPECT_EQ(demand.first, 0x40100U);
    EXPECT_EQ(demand.count, 10U);
    EXPECT_EQ(demand.target, 0x80200U);
    EXPECT_EQ(demand.window, 4U);
    EXPECT_EQ(demand.faults, 0U);
    EXPECT_EQ(demand.target_of(3).value, 0x8020'3000U);
}

TEST(Demand, AFaultMapsTheAlignedWindowAroundThePage) {
    const DemandFrames demand = frames(16, 4);
    EXPECT_EQ(window_of(demand, 4), (Window{4, 4}));
    EXPECT_EQ(window_of(demand, 7), (Window{4, 4}));
    EXPECT_EQ(window_of(demand, 8), (Window{8, 4}));
}

TEST(Demand, TheLastWindowEndsWithTheRange) {
    EXPECT_EQ(window_of(frames(10, 4), 9), (Window{8, 2}));
    EXPECT_EQ(window_of(frames(3, 512), 1), (Window{0, 3}));
}

TEST(Demand, AWindowOfOnePageIsThePageItself) {
    EXPECT_EQ(window_of(frames(16, 1), 5), (Window{5, 1}));
}

}  // namespace
}  // namespace hm::hyp
