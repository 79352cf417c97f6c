#pragma once
// The translation-table formats that the builder and the walker work on. Each is a policy type: its
// input and output address spaces, the attributes of a leaf, and how wide and deep the tables are.
// Formats with the same kind of descriptor share a family: the type of an entry, what an entry of
// each level spans, how many make a table.

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/long_descriptor.hpp"
#include "drivers/mmu/short_descriptor.hpp"

namespace hm::mmu {

/// How a translation starts. `start_level` is 1 or 2. If one table cannot hold the first level, the
/// root is up to 16 tables next to each other: concatenated tables in stage 2 (B3.6.5), and always
/// with short descriptors. The root is aligned to its size.
template <class Family>
struct Geometry {
    unsigned input_bits;
    unsigned start_level;

    [[nodiscard]] constexpr unsigned root_entries() const {
        return 1U << (input_bits - shift(Family::size_at(start_level)));
    }
    /// Tables that the root takes; a small root still takes a whole table.
    [[nodiscard]] constexpr unsigned root_tables() const {
        return root_entries() <= Family::kEntriesPerTable
                   ? 1
                   : root_entries() / Family::kEntriesPerTable;
    }
    /// Descriptor reads that the translation of a 4 KB page takes.
    [[nodiscard]] constexpr unsigned levels() const { return Family::kLastLevel - start_level + 1; }
    /// The possible sizes of a leaf: bit n is set for 2^n bytes.
    [[nodiscard]] constexpr std::uint32_t leaf_sizes() const {
        std::uint32_t sizes = 0;
        for (unsigned level = start_level; level <= Family::kLastLevel; ++level) {
            sizes |= std::uint32_t{1} << shift(Family::size_at(level));
        }
        return sizes;
    }
    [[nodiscard]] constexpr bool has(Size size) const {
        return ((leaf_sizes() >> shift(size)) & 1) != 0;
    }
};

/// Stage 1 of the PL1&0 regime, TTBCR.T0SZ = 0. Natively its output is the physical address.
struct Stage1 : LongFamily {
    using Input = Va;
    using Output = Ipa;
    using Attributes = Stage1Attributes;
    static constexpr Geometry<LongFamily> kGeometry{.input_bits = 32, .start_level = 1};
};
static_assert(Stage1::kGeometry.root_entries() == 4);
static_assert(Stage1::kGeometry.root_tables() == 1 && Stage1::kGeometry.levels() == 3);

/// The same with short descriptors, TTBCR.EAE = 0 and N = 0: a root of 4096 entries, each a section
/// of 1 MB or a table of 256 small pages, and an output of 32 bits.
struct ShortStage1 : ShortFamily {
    using Input = Va;
    using Output = Ipa;
    using Attributes = ShortAttributes;
    static constexpr Geometry<ShortFamily> kGeometry{.input_bits = 32, .start_level = 1};
};
static_assert(ShortStage1::kGeometry.root_entries() == 4096);
static_assert(ShortStage1::kGeometry.root_tables() == 16 && ShortStage1::kGeometry.levels() == 2);

/// HYP's own stage 1, HTCR.T0SZ = 0; no second stage follows.
struct HypStage1 : LongFamily {
    using Input = Va;
    using Output = Pa;
    using Attributes = HypAttributes;
    static constexpr Geometry<LongFamily> kGeometry{.input_bits = 32, .start_level = 1};
};
static_assert(HypStage1::kGeometry.root_entries() == 4);
static_assert(HypStage1::kGeometry.root_tables() == 1 && HypStage1::kGeometry.levels() == 3);

/// Stage 2 with the whole 40-bit IPA space: a root of two concatenated tables.
struct Stage2 : LongFamily {
    using Input = Ipa;
    using Output = Pa;
    using Attributes = Stage2Attributes;
    static constexpr Geometry<LongFamily> kGeometry{.input_bits = 40, .start_level = 1};
};
static_assert(Stage2::kGeometry.root_entries() == 1024);
static_assert(Stage2::kGeometry.root_tables() == 2 && Stage2::kGeometry.levels() == 3);

/// Stage 2 with a 32-bit IPA space: four concatenated tables of level 2. A walk takes one read
/// less, and there are no blocks of 1 GB.
struct Stage2Narrow : LongFamily {
    using Input = Ipa;
    using Output = Pa;
    using Attributes = Stage2Attributes;
    static constexpr Geometry<LongFamily> kGeometry{.input_bits = 32, .start_level = 2};
};
static_assert(Stage2Narrow::kGeometry.root_entries() == 2048);
static_assert(Stage2Narrow::kGeometry.root_tables() == 4 && Stage2Narrow::kGeometry.levels() == 2);

/// The index of `input` in its table of level `kLevel`. In the root the index may run past the
/// first table into the next ones.
template <class Format, unsigned kLevel>
[[nodiscard]] constexpr unsigned index_at(typename Format::Input input) {
    constexpr unsigned entries = kLevel == Format::kGeometry.start_level
                                     ? Format::kGeometry.root_entries()
                                     : Format::kEntriesPerTable;
    // The number of the page has no more than 32 bits, so that one word is shifted, not two.
    static_assert(Format::kGeometry.input_bits <= 32 + shift(Size::k4K));
    const auto page = static_cast<std::uint32_t>(input.value >> shift(Size::k4K));
    return page >> (shift(Format::size_at(kLevel)) - shift(Size::k4K)) & (entries - 1);
}

}  // namespace hm::mmu
