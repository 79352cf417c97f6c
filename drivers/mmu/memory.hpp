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

/// Reads descriptors; enough for the walker. `Table` is the address space that tables lie in: the
/// one that the stage produces. `index` counts descriptors of 8 bytes from `table`; it runs past
/// 511 in a root of concatenated tables, which lie next to each other.
template <class M, class Table>
concept TableReader = requires(M& memory, Table table, unsigned index) {
    { memory.read(table, index) } -> std::same_as<std::uint64_t>;
};

/// All that the builder needs.
/// - `write` is one 64-bit single-copy atomic store (ARM DDI 0406C, A3.5.3: STRD is, with LPAE),
/// which
///   walks see before `write` returns or any later call acts.
/// - `allocate` gives a zeroed frame, as often in a row as `available` has promised.
/// - `release` takes back a frame that no walk can reach any more.
/// - `invalidate` returns when the maintenance is complete for every CPU that uses the tables
/// (B3.10.1).
///   ARMv7 has no TLB maintenance by IPA: for stage 2 it is all of the VMID whatever the kind says.
template <class M, class Input, class Table>
concept TableMemory = TableReader<M, Table> &&
    requires(M& memory, Table table, unsigned index, std::uint64_t word, Maintenance<Input> what) {
    memory.write(table, index, word);
    { memory.allocate() } -> std::same_as<std::optional<Table>>;
    memory.release(table);
    { memory.available() } -> std::convertible_to<std::uint64_t>;
    memory.invalidate(what);
};

}  // namespace hm::mmu
