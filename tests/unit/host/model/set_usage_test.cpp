#include "host/model/set_usage.hpp"
#include "host/model/cortex_a7.hpp"

#include <gtest/gtest.h>

#include "measure/workload/chase.hpp"

namespace hm::host::testing {
namespace {

using measure::ChaseOrder;
using measure::Placement;
using measure::chase::Shape;

constexpr std::uint32_t kKilobyte = 1024;
constexpr std::uint32_t kMegabyte = 1024 * kKilobyte;

/// Of an Exynos 5250: 256 sets of two ways, 1,024 of 16.
const DataCaches kCaches = caches_of(kCortexA15);

TEST(HostSetUsage, OneLinePerPageUsesAllSetsEvenlyAtEverySizeWhereverItBegins) {
    for (std::uint32_t bytes = 64 * kKilobyte; bytes <= 256 * kMegabyte;
         bytes = measure::chase::next_size(bytes)) {
        const Shape shape{ChaseOrder::kPageRandom, bytes, 4096};
        for (const std::uint64_t base : {0x8000'0000U, 0x8000'7000U, 0x4123'5000U}) {
            const ChaseUsage usage = set_usage(kCaches, shape, Placement::kContiguous, base);
            EXPECT_LE(usage.l1_data.most - usage.l1_data.least, 1U) << bytes;
            EXPECT_LE(usage.l2.most - usage.l2.least, 1U) << bytes;
        }
    }
}

TEST(HostSetUsage, AllLinesOfWholeWaysUseAllSetsEquallyOftenScatteredOrNot) {
    // 64 KB are 1,024 lines: each of 256 sets four times, each of 1,024 once.
    for (const ChaseOrder order : {ChaseOrder::kSequential, ChaseOrder::kThrash}) {
        const Shape shape{order, 64 * kKilobyte, 64};
        for (const Placement placement : {Placement::kContiguous, Placement::kScattered}) {
            const ChaseUsage usage = set_usage(kCaches, shape, placement, 0x8000'0000);
            EXPECT_EQ(usage.l1_data, (SetUsage{4, 4}));
            EXPECT_EQ(usage.l2, (SetUsage{1, 1}));
        }
    }
}

TEST(HostSetUsage, AStrideOfFourLinesLeavesThreeOfFourSetsOut) {
    const ChaseUsage usage =
        set_usage(kCaches, {ChaseOrder::kSequential, kMegabyte, 256}, Placement::kContiguous, 0);
    EXPECT_EQ(usage.l1_data, (SetUsage{0, 64}));
    EXPECT_EQ(usage.l2, (SetUsage{0, 16}));
}

TEST(HostSetUsage, ScatteredPagesUseSomeSetsMoreOftenThanTheirWays) {
    // 1 MB, one line per page: 256 lines in 1,024 sets. No set needs more than one of its 16 ways
    // if pages lie next to each other; of the L1D's, a set holds one line each.
    const Shape shape{ChaseOrder::kPageRandom, kMegabyte, 4096};
    const ChaseUsage contiguous = set_usage(kCaches, shape, Placement::kContiguous, 0);
    EXPECT_EQ(contiguous.l1_data, (SetUsage{1, 1}));
    EXPECT_EQ(contiguous.l2, (SetUsage{0, 1}));
    const ChaseUsage scattered = set_usage(kCaches, shape, Placement::kScattered, 0);
    EXPECT_GT(scattered.l1_data.most, kCaches.l1_data.ways);
    EXPECT_EQ(scattered.l1_data.least, 0U);
    EXPECT_GT(scattered.l2.most, 1U);
}

// An Allwinner H3 has 32 KB of L1 in four ways (Cortex-A7 TRM, 6.1), which are 128 sets, and half
// the L2 of an Exynos in half its ways.
TEST(HostSetUsage, ACortexA7HasHalfTheSetsInL1) {
    const DataCaches caches = caches_of(kCortexA7);
    EXPECT_EQ(caches.l1_data.sets(), 128U);
    EXPECT_EQ(caches.l2.sets(), 1024U);
    const Shape shape{ChaseOrder::kSequential, 64 * kKilobyte, 64};
    EXPECT_EQ(set_usage(caches, shape, Placement::kContiguous, 0).l1_data, (SetUsage{8, 8}));
    EXPECT_EQ(set_usage(caches, shape, Placement::kContiguous, 0).l2, (SetUsage{1, 1}));
}

}  // namespace
}  // namespace hm::host::testing
