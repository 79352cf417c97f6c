#pragma once
// Which entries of one level a range of input addresses covers.

#include <algorithm>
#include <cstdint>

#include "drivers/mmu/format.hpp"

namespace hm::mmu {

/// Input addresses from `begin` up to but not including `end`.
struct Span {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] constexpr bool is_empty() const { return begin >= end; }
    [[nodiscard]] constexpr unsigned pages() const {
        return static_cast<unsigned>((end - begin) >> shift(Size::k4K));
    }
};

/// One entry of a table, and the part of it that a range covers.
struct Slice {
    unsigned index = 0;  ///< Of the entry in its table.
    Span entry;          ///< What the entry spans.
    Span span;           ///< The part of it that the range covers.
    bool whole = false;  ///< Whether that is all of it.

    /// This entry with the part of it that `other` covers, which may be empty.
    [[nodiscard]] constexpr Slice cut(Span other) const {
        const Span part{std::max(entry.begin, other.begin), std::min(entry.end, other.end)};
        return {index, entry, part, part.begin == entry.begin && part.end == entry.end};
    }
};

/// The entries of level `kLevel` that `span` covers, in order, for a range-based for loop. The span
/// lies within one table of that level.
template <class Format, unsigned kLevel>
class Slices {
  public:
    constexpr explicit Slices(Span span) : span_(span) {}

    struct End {};

    class Iterator {
      public:
        constexpr explicit Iterator(Span rest) : rest_(rest) {}
        constexpr Slice operator*() const {
            constexpr std::uint64_t size = bytes(Format::size_at(kLevel));
            const std::uint64_t first = rest_.begin & ~(size - 1);
            const Slice entry{index_at<Format, kLevel>({first}), {first, first + size}, {}, false};
            return entry.cut(rest_);
        }
        constexpr Iterator& operator++() {
            constexpr std::uint64_t size = bytes(Format::size_at(kLevel));
            rest_.begin = (rest_.begin & ~(size - 1)) + size;
            return *this;
        }
        constexpr bool operator!=(End) const { return !rest_.is_empty(); }

      private:
        Span rest_;
    };

    [[nodiscard]] constexpr Iterator begin() const { return Iterator(span_); }
    [[nodiscard]] constexpr End end() const { return {}; }

  private:
    Span span_;
};

}  // namespace hm::mmu
