#pragma once
// Checks beforehand whether an operation of the builder can succeed. Only reads.

#include <cstdint>

#include "drivers/mmu/edit.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/mmu/memory.hpp"
#include "drivers/mmu/slices.hpp"

namespace hm::mmu {

/// Checks one operation on the tables at `root`.
template <class Format, class Memory>
class Survey {
  public:
    using Table = typename Format::Output;
    using Descriptor = typename Format::Descriptor;
    using Placement = mmu::Placement<Table, Descriptor>;
    using Change = mmu::Change<Table, Descriptor>;

    constexpr Survey(Memory& memory, Table root) : memory_(memory), root_(root) {}

    /// kOk, kOverlap or kOutOfFrames.
    constexpr Status map(Span span, const Placement& placement) {
        return is_free<kStartLevel>(root_, span, placement) ? enough_frames() : Status::kOverlap;
    }

    /// kOk, kNotMapped or kOutOfFrames.
    constexpr Status change(Span span, const Change& change) {
        return is_mapped<kStartLevel>(root_, span, change) ? enough_frames() : Status::kNotMapped;
    }

  private:
    static constexpr unsigned kStartLevel = Format::kGeometry.start_level;

    template <unsigned kLevel>
    using Slices = mmu::Slices<Format, kLevel>;

    constexpr Descriptor read(Table table, unsigned index) {
        return Descriptor::from(memory_.read(table, index));
    }

    constexpr Status enough_frames() {
        return new_tables_ <= memory_.available() ? Status::kOk : Status::kOutOfFrames;
    }

    /// Whether nothing of `span` is mapped, and no table is where a block goes.
    template <unsigned kLevel>
    constexpr bool is_free(Table table, Span span, const Placement& placement) {
        if constexpr (kLevel == Format::kLastLevel) {
            const unsigned first = index_at<Format, kLevel>({span.begin});
            for (unsigned i = 0; i < span.pages(); ++i) {
                if (read(table, first + i).is_valid()) {
                    return false;
                }
            }
        } else {
            for (const Slice& slice : Slices<kLevel>(span)) {
                const Descriptor entry = read(table, slice.index);
                if (!entry.is_valid()) {
                    count_tables_to_place<kLevel>(slice, placement);
                } else if (!entry.is_table(kLevel) ||
                           placement.fits(slice, Format::size_at(kLevel)) ||
                           !is_free<kLevel + 1>(entry.template next_table<Table>(), slice.span,
                                                placement)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Counts the tables that mapping `slice` takes below an empty entry of `kLevel`.
    template <unsigned kLevel>
    constexpr void count_tables_to_place(const Slice& slice, const Placement& placement) {
        if constexpr (kLevel < Format::kLastLevel) {
            if (placement.fits(slice, Format::size_at(kLevel))) {
                return;
            }
            ++new_tables_;
            if constexpr (kLevel + 1 < Format::kLastLevel) {
                for (const Slice& below : Slices<kLevel + 1>(slice.span)) {
                    count_tables_to_place<kLevel + 1>(below, placement);
                }
            }
        }
    }

    /// Whether all of `span` is mapped.
    template <unsigned kLevel>
    constexpr bool is_mapped(Table table, Span span, const Change& change) {
        for (const Slice& slice : Slices<kLevel>(span)) {
            const Descriptor entry = read(table, slice.index);
            if (!entry.is_valid()) {
                return false;
            }
            if constexpr (kLevel < Format::kLastLevel) {
                if (entry.is_table(kLevel)) {
                    if (!is_mapped<kLevel + 1>(entry.template next_table<Table>(), slice.span,
                                               change)) {
                        return false;
                    }
                } else if (change.of(entry, kLevel) != entry) {
                    count_tables_to_split<kLevel>(slice);
                }
            }
        }
        return true;
    }

    /// Counts the tables that splitting a block of `kLevel` takes: one wherever an edge of `slice`
    /// cuts an entry.
    template <unsigned kLevel>
    constexpr void count_tables_to_split(const Slice& slice) {
        if constexpr (kLevel < Format::kLastLevel) {
            if (!slice.whole) {
                ++new_tables_;
                for (const Slice& below : Slices<kLevel + 1>(slice.span)) {
                    count_tables_to_split<kLevel + 1>(below);
                }
            }
        }
    }

    Memory& memory_;
    Table root_;
    std::uint64_t new_tables_ = 0;
};

}  // namespace hm::mmu
