#pragma once
// How often a chase uses the sets of a cache: a set that is used more often than it has ways loses
// lines, whatever the size of the cache.

#include <array>
#include <cstdint>

#include "host/model/modelled_core.hpp"
#include "measure/workload/chase_places.hpp"

namespace hm::host {

struct CacheGeometry {
    std::uint32_t bytes;
    std::uint32_t ways;

    [[nodiscard]] constexpr std::uint32_t sets() const {
        return bytes / ways / measure::chase::kLineBytes;
    }
};

/// The caches of a core, whose lines have 64 bytes.
struct DataCaches {
    CacheGeometry l1_data;
    CacheGeometry l2;
};
[[nodiscard]] DataCaches caches_of(const ModelledCore& core);

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
[[nodiscard]] ChaseUsage set_usage(const DataCaches& caches, const measure::chase::Shape& shape,
                                   measure::Placement placement, std::uint64_t base);

}  // namespace hm::host
