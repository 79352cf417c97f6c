#include "measure/statistics.hpp"

namespace hm::measure {

namespace {

struct Division {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

/// `high` times 2^64 plus `low`, divided by `divisor`, which is greater than `high` and less than
/// 2^63, as any number of samples is: bit by bit, since the target has no type of 128 bits.
Division divide(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) {
    for (unsigned bit = 0; bit < 64; ++bit) {
        high = (high << 1) | (low >> 63);
        low <<= 1;
        if (high >= divisor) {
            high -= divisor;
            low |= 1;
        }
    }
    return {low, high};
}

/// Of `count` samples. The whole part is scaled apart from the remainder, which is less than the
/// number of samples, so that only a mean beyond 2^64 thousandths does not fit.
std::uint64_t mean_milli(std::uint64_t carries, std::uint64_t sum, std::uint64_t count) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const Division whole =
        carries == 0 ? Division{sum / count, sum % count} : divide(carries, sum, count);
    const std::uint64_t fraction = (whole.remainder * 1000 + count / 2) / count;
    return whole.quotient > (kMost - fraction) / 1000 ? kMost : whole.quotient * 1000 + fraction;
}

}  // namespace

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
    summary.mean_milli = mean_milli(carries_, sum_, count());
    summary.p50 = percentile(500);
    summary.p95 = percentile(950);
    summary.p99 = percentile(990);
    summary.p999 = percentile(999);
    return summary;
}

}  // namespace hm::measure
