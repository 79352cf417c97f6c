#pragma once
// Statistics of a set of samples: their number, extremes, mean, percentiles and histogram.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "measure/histogram.hpp"

namespace hm::measure {

/// A percentile is given only if at least this many samples lie beyond it.
inline constexpr std::uint64_t kSamplesBeyondPercentile = 10;

/// A finished set of samples, in the samples' own unit. All numbers of an empty set are 0.
struct Summary {
    std::uint64_t count = 0;
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    /// The mean times 1000, rounded to the nearest; 2^64 - 1 if it does not fit.
    std::uint64_t mean_milli = 0;
    /// Percentiles; absent if too few samples lie beyond them.
    std::optional<std::uint64_t> p50 = std::nullopt;
    std::optional<std::uint64_t> p95 = std::nullopt;
    std::optional<std::uint64_t> p99 = std::nullopt;
    std::optional<std::uint64_t> p999 = std::nullopt;
    /// The samples' histogram, which must outlive the summary; null if none is kept.
    const Histogram* histogram = nullptr;
};

/// Collects samples, fewer than 2^32 of one value. Their sum may be of any size. The histogram
/// takes 29 KB, too much for a stack.
class Samples {
  public:
    constexpr void add(std::uint64_t value) {
        sum_ += value;
        carries_ += sum_ < value ? 1 : 0;
        min_ = count() == 0 ? value : std::min(min_, value);
        max_ = std::max(max_, value);
        histogram_.add(value);
    }

    constexpr void clear() {
        sum_ = 0;
        carries_ = 0;
        min_ = 0;
        max_ = 0;
        histogram_.clear();
    }

    [[nodiscard]] constexpr std::uint64_t count() const { return histogram_.count(); }
    /// 2^64 - 1 if it does not fit.
    [[nodiscard]] constexpr std::uint64_t sum() const {
        return carries_ == 0 ? sum_ : std::numeric_limits<std::uint64_t>::max();
    }
    [[nodiscard]] constexpr const Histogram& histogram() const { return histogram_; }

    /// The percentile by nearest rank: the smallest sample that at least `per_mille` thousandths of
    /// all samples do not exceed; exact below 256, within 0.4 % above. Absent if fewer than
    /// kSamplesBeyondPercentile samples rank higher.
    [[nodiscard]] std::optional<std::uint64_t> percentile(std::uint32_t per_mille) const;

    [[nodiscard]] Summary summary() const;

  private:
    // All zero to begin with, so that static samples take no room in an image.
    std::uint64_t sum_ = 0;      ///< modulo 2^64
    std::uint64_t carries_ = 0;  ///< the sum divided by 2^64
    std::uint64_t min_ = 0;
    std::uint64_t max_ = 0;
    Histogram histogram_;
};

}  // namespace hm::measure
