#pragma once
// What the builder needs of the memory that holds the tables. On the target it is real; on the host
// it records.

#include <concepts>
#include <cstdint>
#include <optional>

#include "drivers/mmu/address.hpp"

namespace hm::mmu {

/// TLB maintenance that an update needs: TLBs and walk caches must drop everything that they hold
/// from the entry or subtree that translated `range`, before the tables change further.
template <class Input>
struct Maintenance {
    enum class Kind : std::uint8_t {
        kPages,   ///< By address: `operations()` of them, `granule` apart, from `range.begin` on.
        kRegime,  ///< So many that it is cheaper to drop all entries of the regime.
    };
    static constexpr std::uint64_t kMostByAddress = 64;

    Kind kind;
    Range<Input> range;
    Size granule;  ///< No leaf of what is dropped was smaller.

    [[nodiscard]] static constexpr Maintenance of(Range<Input> range, Size granule) {
        const bool few = (range.bytes >> shift(granule)) <= kMostByAddress;
        return {few ? Kind::kPages : Kind::kRegime, range, granule};
    }
    [[nodiscard]] constexpr std::uint64_t operations() const {
        return range.bytes >> shift(granule);
    }
};

/// Reads descriptors, words of `Word`; enough for the walker. `Table` is the address space that
/// tables lie in: the output space of the stage. `index` counts descriptors from `table` on. In a
/// root of several tables, which lie next to each other, it may run past the first.
template <class M, class Table, class Word>
concept TableReader = requires(M& memory, Table table, unsigned index) {
    { memory.read(table, index) } -> std::same_as<Word>;
};

/// All that the builder needs for the tables of `Format`.
/// - `store` is one single-copy atomic store of a descriptor (ARM DDI 0406C, A3.5.3: with LPAE,
/// STRD
///   is one). `read` sees it; a walk may or may not see it, and sees several in any order.
/// - `complete` returns when walks see everything stored so far, by `allocate` too (B3.10.1).
/// - `write` is both.
/// - `allocate` gives a zeroed table, aligned to its size. It succeeds at least as often in a row
/// as
///   `available` says.
/// - `release` takes back a table that no walk can reach any more.
/// - `invalidate` completes all stores so far, and returns when the maintenance is complete for
///   every CPU that uses the tables (B3.10.1). ARMv7 has no TLB maintenance by IPA: for stage 2 all
///   entries of the VMID are dropped, whatever the kind says.
/// - `kMapsNoBlocksOverPages`, which may be left out: true where no block is ever mapped where
///   `unmap_page` was called. Then the code that would make way for it is left out.
template <class M, class Format>
concept TableMemory = TableReader<M, typename Format::Output, typename Format::Descriptor::Word> &&
    requires(M& memory, typename Format::Output table, unsigned index,
             typename Format::Descriptor::Word word, Maintenance<typename Format::Input> what) {
    memory.store(table, index, word);
    memory.complete();
    memory.write(table, index, word);
    { memory.allocate() } -> std::same_as<std::optional<typename Format::Output>>;
    memory.release(table);
    { memory.available() } -> std::convertible_to<std::uint64_t>;
    memory.invalidate(what);
};

}  // namespace hm::mmu
