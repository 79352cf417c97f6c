#pragma once
// How often a chase uses the sets of a cache: a set that is used more often than it has ways loses
// lines, whatever the size of the cache.

#include <array>
#include <cstdint>

#include "measure/workload/chase_places.hpp"

namespace hm::host {

struct CacheGeometry {
    std::uint32_t bytes;
    std::uint32_t ways;

    [[nodiscard]] constexpr std::uint32_t sets() const {
        return bytes / ways / measure::chase::kLineBytes;
    }
};

/// Of an Exynos 5250 (Cortex-A15 TRM, 6.1 and 7.1: 64-byte lines; 32 KB in two ways, and 16 ways of
/// the L2 cache, which has 1 MB on this chip).
inline constexpr CacheGeometry kL1Data{32 << 10, 2};
inline constexpr CacheGeometry kL2{1 << 20, 16};
static_assert(kL1Data.sets() == 256 && kL2.sets() == 1024);

/// Uses of the set that is used least often, and of the one that is used most often, in one lap.
struct SetUsage {
    std::uint32_t least = 0;
    std::uint32_t most = 0;

    friend constexpr bool operator==(const SetUsage&, const SetUsage&) = default;
};

/// The same for both caches.
struct ChaseUsage {
    SetUsage l1_data;
    SetUsage l2;
};

/// `base`: where the physical memory of the chase begins.
[[nodiscard]] ChaseUsage set_usage(const measure::chase::Shape& shape, measure::Placement placement,
                                   std::uint64_t base);

}  // namespace hm::host
