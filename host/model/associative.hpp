#pragma once
// A set-associative memory of keys: a cache of lines, a TLB, a walk cache.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hm::host {

enum class Replacement : std::uint8_t { kLeastRecentlyUsed, kRandom };

/// Most of the model's time goes into looking up keys. So it keeps only what tells the keys of a
/// set apart, in 32 bits, and compares it with all ways at once, which compilers turn into few
/// instructions.
class Associative {
  public:
    /// `entries` / `ways` sets; both are powers of two, or there is one set. Without entries it
    /// holds nothing. Keys are less than 2^32 - 1 times the number of sets.
    Associative(unsigned entries, unsigned ways, Replacement replacement)
        : ways_(entries == 0 ? 0 : ways),
          set_bits_(entries == 0 ? 0U : static_cast<unsigned>(std::bit_width(entries / ways)) - 1),
          set_mask_((std::uint64_t{1} << set_bits_) - 1),
          random_(replacement == Replacement::kRandom),
          tags_(entries, kNone) {}

    /// Fully associative: one set.
    Associative(unsigned entries, Replacement replacement)
        : Associative(entries, entries == 0 ? 1 : entries, replacement) {}

    /// Whether it holds `key`, which is then the most recently used of its set.
    [[nodiscard]] bool touch(std::uint64_t key) {
        const unsigned way = way_of(key);
        if (way == ways_) {
            return false;
        }
        if (!random_) {
            to_front(set_of(key), way);
        }
        return true;
    }

    [[nodiscard]] bool holds(std::uint64_t key) const { return way_of(key) != ways_; }

    /// Takes in `key`, which it does not hold; returns the key that made room, if one did.
    std::optional<std::uint64_t> insert(std::uint64_t key) {
        if (ways_ == 0) {
            return std::nullopt;
        }
        std::uint32_t* const set = set_of(key);
        const unsigned free = find(set, kNone);
        const unsigned way = free != ways_ ? free : victim();
        const std::uint32_t evicted = set[way];
        set[way] = tag_of(key);
        if (!random_) {
            to_front(set, way);
        }
        return evicted == kNone
                   ? std::nullopt
                   : std::optional(std::uint64_t{evicted} << set_bits_ | (key & set_mask_));
    }

    void remove(std::uint64_t key) {
        if (const unsigned way = way_of(key); way != ways_) {
            set_of(key)[way] = kNone;
        }
    }

  private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    [[nodiscard]] std::uint32_t tag_of(std::uint64_t key) const {
        return static_cast<std::uint32_t>(key >> set_bits_);
    }
    [[nodiscard]] std::size_t place_of(std::uint64_t key) const {
        return static_cast<std::size_t>(key & set_mask_) * ways_;
    }
    [[nodiscard]] std::uint32_t* set_of(std::uint64_t key) { return tags_.data() + place_of(key); }

    [[nodiscard]] unsigned way_of(std::uint64_t key) const {
        return find(tags_.data() + place_of(key), tag_of(key));
    }

    /// The way of `set` that holds `tag`, or `ways_`.
    [[nodiscard]] unsigned find(const std::uint32_t* set, std::uint32_t tag) const {
        unsigned found = ways_;
        for (unsigned way = 0; way < ways_; ++way) {
            found = set[way] == tag ? way : found;
        }
        return found;
    }

    /// One at random, or the last one: sets are in the order of their use.
    [[nodiscard]] unsigned victim() {
        if (!random_) {
            return ways_ - 1;
        }
        state_ ^= state_ << 13;  // xorshift32, as in guest/bench/chase.hpp
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return static_cast<unsigned>(std::uint64_t{state_} * ways_ >> 32);
    }

    static void to_front(std::uint32_t* set, unsigned way) {
        const std::uint32_t tag = set[way];
        std::copy_backward(set, set + way, set + way + 1);
        set[0] = tag;
    }

    unsigned ways_;
    unsigned set_bits_;
    std::uint64_t set_mask_;
    bool random_;
    std::uint32_t state_ = 0x9E3779B9;
    std::vector<std::uint32_t> tags_;
};

}  // namespace hm::host
