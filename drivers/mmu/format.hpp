#pragma once
// The translation-table formats that the builder and the walker work on, each a policy type: which
// address space goes in, which comes out, what a leaf says, and how wide and deep the tables are.

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/descriptor.hpp"

namespace hm::mmu {

/// How a translation starts. `start_level` is 1 or 2. Where one table cannot hold the first level,
/// stage 2 takes up to 16 tables next to each other as one (concatenation, B3.6.5); the root is
/// aligned to its size.
struct Geometry {
    unsigned input_bits;
    unsigned start_level;

    [[nodiscard]] constexpr unsigned root_entries() const {
        return 1U << (input_bits - shift(size_at(start_level)));
    }
    /// Frames that the root takes; a small one still takes a whole frame.
    [[nodiscard]] constexpr unsigned root_tables() const {
        return root_entries() <= kEntriesPerTable ? 1 : root_entries() / kEntriesPerTable;
    }
    /// Descriptor reads that the translation of a 4 KB page takes.
    [[nodiscard]] constexpr unsigned levels() const { return kLastLevel - start_level + 1; }
};

/// Stage 1 of the PL1&0 regime, TTBCR.T0SZ = 0. Natively its output is the physical address.
struct Stage1 {
    using Input = Va;
    using Output = Ipa;
    using Attributes = Stage1Attributes;
    static constexpr Geometry kGeometry{.input_bits = 32, .start_level = 1};
};
static_assert(Stage1::kGeometry.root_entries() == 4);
static_assert(Stage1::kGeometry.root_tables() == 1 && Stage1::kGeometry.levels() == 3);

/// HYP's own stage 1, HTCR.T0SZ = 0; no second stage follows.
struct HypStage1 {
    using Input = Va;
    using Output = Pa;
    using Attributes = HypAttributes;
    static constexpr Geometry kGeometry{.input_bits = 32, .start_level = 1};
};
static_assert(HypStage1::kGeometry.root_entries() == 4);
static_assert(HypStage1::kGeometry.root_tables() == 1 && HypStage1::kGeometry.levels() == 3);

/// Stage 2 with the whole 40-bit IPA space: a root of two concatenated tables.
struct Stage2 {
    using Input = Ipa;
    using Output = Pa;
    using Attributes = Stage2Attributes;
    static constexpr Geometry kGeometry{.input_bits = 40, .start_level = 1};
};
static_assert(Stage2::kGeometry.root_entries() == 1024);
static_assert(Stage2::kGeometry.root_tables() == 2 && Stage2::kGeometry.levels() == 3);

/// Stage 2 with a 32-bit IPA space: four concatenated tables of level 2, one read less a walk, and
/// no blocks of 1 GB.
struct Stage2Narrow {
    using Input = Ipa;
    using Output = Pa;
    using Attributes = Stage2Attributes;
    static constexpr Geometry kGeometry{.input_bits = 32, .start_level = 2};
};
static_assert(Stage2Narrow::kGeometry.root_entries() == 2048);
static_assert(Stage2Narrow::kGeometry.root_tables() == 4 && Stage2Narrow::kGeometry.levels() == 2);

/// The place of `input` in its table of level `kLevel`. The root has as many entries as the
/// geometry says, so its index may run past 511, into the next of the concatenated tables.
template <class Format, unsigned kLevel>
[[nodiscard]] constexpr unsigned index_at(typename Format::Input input) {
    constexpr unsigned entries = kLevel == Format::kGeometry.start_level
                                     ? Format::kGeometry.root_entries()
                                     : kEntriesPerTable;
    return static_cast<unsigned>(input.value >> shift(size_at(kLevel))) & (entries - 1);
}

}  // namespace hm::mmu
