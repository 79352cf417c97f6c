#include "measure/statistics.hpp"

namespace hm::measure {

std::optional<std::uint64_t> Samples::percentile(std::uint32_t per_mille) const {
    const std::uint64_t rank = (count() * per_mille + 999) / 1000;
    if (rank + kSamplesBeyondPercentile > count()) {
        return std::nullopt;
    }
    // The middle of an outermost bucket may lie beyond every sample in it.
    return std::clamp(histogram_.bucket_at_rank(rank).middle(), min_, max_);
}

Summary Samples::summary() const {
    Summary summary;
    summary.histogram = &histogram_;
    if (count() == 0) {
        return summary;
    }
    summary.count = count();
    summary.min = min_;
    summary.max = max_;
    // The whole part is scaled apart from the remainder, so that a large sum does not overflow.
    const std::uint64_t remainder_milli = sum_ % count() * 1000;
    summary.mean_milli = sum_ / count() * 1000 + (remainder_milli + count() / 2) / count();
    summary.p50 = percentile(500);
    summary.p95 = percentile(950);
    summary.p99 = percentile(990);
    summary.p999 = percentile(999);
    return summary;
}

}  // namespace hm::measure
