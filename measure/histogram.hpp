#pragma once
// A log-linear histogram of 64-bit values in fixed storage, in the manner of HdrHistogram.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace hm::measure {

/// The `width` values from `low` on, which a histogram counts as one.
struct Bucket {
    std::uint64_t low;
    std::uint64_t width;

    /// The value that stands for all values of the bucket, at most half a width from each of them.
    [[nodiscard]] constexpr std::uint64_t middle() const { return low + (width - 1) / 2; }
};

/// Counts values in buckets. Values below 256 each have their own; above, every octave is cut into
/// 128 buckets of equal width, so that a bucket's middle is within 0.4 % of every value in it.
class Histogram {
  public:
    static constexpr unsigned kSubBucketBits = 7;
    static constexpr std::size_t kSubBuckets = std::size_t{1} << kSubBucketBits;
    /// Two octaves' worth of buckets for the exact values, then one octave's worth for each bit.
    static constexpr std::size_t kBuckets = kSubBuckets * (64 - kSubBucketBits + 1);

    /// Counts `value` once. No bucket may take more than 2^32 - 1 values.
    constexpr void add(std::uint64_t value) {
        const auto index = static_cast<std::uint32_t>(index_of(value));
        ++counts_[index];
        ++count_;
        begin_ = count_ == 1 ? index : std::min(begin_, index);
        end_ = std::max(end_, index + 1);
    }

    constexpr void clear() {
        std::fill(counts_.begin() + begin_, counts_.begin() + end_, 0);
        count_ = 0;
        begin_ = 0;
        end_ = 0;
    }

    /// How many values were added.
    [[nodiscard]] constexpr std::uint64_t count() const { return count_; }

    /// The bucket of the value that has `rank` when all are sorted; ranks run from 1 to count(),
    /// and one beyond either end gives the smallest or the largest. There must be at least one
    /// value.
    [[nodiscard]] constexpr Bucket bucket_at_rank(std::uint64_t rank) const {
        std::uint64_t seen = 0;
        std::size_t last = 0;
        for (std::size_t index = begin_; index < end_; ++index) {
            if (counts_[index] == 0) {
                continue;
            }
            seen += counts_[index];
            last = index;
            if (seen >= rank) {
                break;
            }
        }
        return bucket_at_index(last);
    }

    /// Calls `visit(low, count)` for every bucket that is not empty, from the lowest to the
    /// highest.
    template <class Visit>
    constexpr void for_each_bucket(Visit&& visit) const {
        for (std::size_t index = begin_; index < end_; ++index) {
            if (counts_[index] != 0) {
                visit(bucket_at_index(index).low, counts_[index]);
            }
        }
    }

    /// The bucket that takes `value`.
    [[nodiscard]] static constexpr Bucket bucket_of(std::uint64_t value) {
        const unsigned dropped = dropped_bits(value);
        return bucket(value >> dropped, dropped);
    }

  private:
    /// How many low bits of `value` its bucket drops: what is left has at most eight bits.
    static constexpr unsigned dropped_bits(std::uint64_t value) {
        const auto bits = static_cast<unsigned>(std::bit_width(value));
        return bits > kSubBucketBits + 1 ? bits - (kSubBucketBits + 1) : 0;
    }

    static constexpr std::size_t index_of(std::uint64_t value) {
        const unsigned dropped = dropped_bits(value);
        return dropped * kSubBuckets + static_cast<std::size_t>(value >> dropped);
    }

    /// The bucket of the values whose bits above the lowest `dropped` are `kept`.
    static constexpr Bucket bucket(std::uint64_t kept, unsigned dropped) {
        return {.low = kept << dropped, .width = std::uint64_t{1} << dropped};
    }

    static constexpr Bucket bucket_at_index(std::size_t index) {
        if (index < 2 * kSubBuckets) {
            return bucket(index, 0);
        }
        const auto dropped = static_cast<unsigned>(index / kSubBuckets - 1);
        return bucket(index - dropped * kSubBuckets, dropped);
    }

    static_assert(kSubBuckets == 128);

    std::array<std::uint32_t, kBuckets> counts_{};
    std::uint64_t count_ = 0;
    /// All other buckets are empty: most sets of samples fill few.
    std::uint32_t begin_ = 0;
    std::uint32_t end_ = 0;
};

}  // namespace hm::measure
