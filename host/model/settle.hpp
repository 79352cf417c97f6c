#pragma once
// What would settle what is not known of a core: for each unknown the chase whose counts differ
// most between the ends of its range.

#include <optional>
#include <string_view>
#include <vector>

#include "host/model/forecast.hpp"

namespace hm::host {

/// The chases that are tried. Their sizes lie just beyond what the core's TLBs and caches hold.
[[nodiscard]] std::vector<Chase> probes(const Model& model);

/// A chase that was followed.
struct Probed {
    Chase chase;
    Outcomes outcomes;
};

/// What is counted of a chase, for each load.
struct Counted {
    std::string_view name;
    std::uint64_t (*of)(const LoadCounts& counts);
};

/// How one chase tells one unknown.
struct Settling {
    Parameter unknown;
    const Chase* chase = nullptr;
    const Counted* counted = nullptr;
    Bounds low;   ///< what is counted with the unknown at its low end, all others anywhere,
    Bounds high;  ///< and at its high end
    /// Whether these have nothing in common, so that the count alone decides.
    [[nodiscard]] bool is_apart() const { return low.high < high.low || high.high < low.low; }
};

/// One for each unknown that shapes what hits. `probed` outlives them.
[[nodiscard]] std::vector<Settling> settle(const Forecaster& forecaster,
                                           const std::vector<Probed>& probed);

/// How one chase tells a latency.
struct Weighing {
    Parameter latency;
    const Chase* chase = nullptr;
    Bounds times;  ///< how often a load waits for it
};

/// One for each latency that is not known at all: the chase in which it has the largest share of
/// all that a load waits for.
[[nodiscard]] std::vector<Weighing> weigh(const Forecaster& forecaster,
                                          const std::vector<Probed>& probed);

}  // namespace hm::host
