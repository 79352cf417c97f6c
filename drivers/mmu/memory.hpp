#pragma once
// What the builder needs of the memory in which the tables lie: real on the target, recording on
// the host.

#include <concepts>
#include <cstdint>
#include <optional>

#include "drivers/mmu/address.hpp"

namespace hm::mmu {

/// TLB maintenance that an update needs: everything that a TLB or a walk cache holds from the entry
/// or the subtree that translated `range` has to go, before anything else happens to the tables.
template <class Input>
struct Maintenance {
    enum class Kind : std::uint8_t {
        kPages,   ///< By address: `operations()` of them, `granule` apart, from `range.begin` on.
        kRegime,  ///< So many that dropping the whole regime's entries is cheaper.
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
/// tables lie in: the one that the stage produces. `index` counts descriptors from `table` on; it
/// runs past one table in a root of several, which lie next to each other.
template <class M, class Table, class Word>
concept TableReader = requires(M& memory, Table table, unsigned index) {
    { memory.read(table, index) } -> std::same_as<Word>;
};

/// All that the builder needs for the tables of `Format`.
/// - `store` is one single-copy atomic store of a descriptor (ARM DDI 0406C, A3.5.3: STRD is, with
///   LPAE). `read` sees it; a walk may or may not, and sees several in any order.
/// - `complete` returns when walks see all that was stored so far, by `allocate` too (B3.10.1).
/// - `write` is both.
/// - `allocate` gives a zeroed table, aligned to its size, as often in a row as `available` has
///   promised.
/// - `release` takes back a table that no walk can reach any more.
/// - `invalidate` completes all stores so far, and returns when the maintenance is complete for
///   every CPU that uses the tables (B3.10.1). ARMv7 has no TLB maintenance by IPA: for stage 2 it
///   is all of the VMID whatever the kind says.
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
