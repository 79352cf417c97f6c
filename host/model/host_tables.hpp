#pragma once
// Translation tables in the host's memory, for the project's own builder and walker.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "drivers/mmu/builder.hpp"
#include "host/model/guest_layout.hpp"

namespace hm::host {

/// Tables of one stage, without a limit. Their frames lie one after the other from the root on, as
/// the target's pools give them out.
template <class Format>
class HostTables {
  public:
    using Descriptor = typename Format::Descriptor;
    using Table = typename Format::Output;
    using Word = typename Descriptor::Word;

    /// The root lies at the first multiple of its size from `from` on.
    explicit HostTables(std::uint64_t from) : root_{(from + kRootBytes - 1) & ~(kRootBytes - 1)} {
        words_.resize(kRootBytes / sizeof(Word));
    }

    [[nodiscard]] Table root() const { return root_; }
    [[nodiscard]] std::uint64_t bytes() const { return words_.size() * sizeof(Word); }

    /// The descriptor at `address`, which lies in these tables.
    [[nodiscard]] Word at(std::uint64_t address) const {
        return words_[static_cast<std::size_t>((address - root_.value) / sizeof(Word))];
    }

    /// Maps `extent` to as many bytes from `output` on, all in leaves of `size`; false if it
    /// overlaps what is mapped already, or does not fit.
    [[nodiscard]] bool map(Extent extent, std::uint64_t output, mmu::Size size) {
        mmu::Builder<Format, HostTables> builder(*this, root_);
        return builder.map({{extent.begin}, extent.bytes_in()}, {output}, {}, size) ==
               mmu::Status::kOk;
    }
    [[nodiscard]] bool map_to_itself(Extent extent, mmu::Size size) {
        return map(extent, extent.begin, size);
    }

    // --- what the builder uses ---

    Word read(Table table, unsigned index) { return words_[place(table, index)]; }
    void store(Table table, unsigned index, Word word) { words_[place(table, index)] = word; }
    void complete() {}
    void write(Table table, unsigned index, Word word) { store(table, index, word); }
    std::optional<Table> allocate() {
        const Table next = root_ + bytes();
        words_.resize(words_.size() + Format::kEntriesPerTable);
        return next;
    }
    void release(Table) {}
    [[nodiscard]] std::uint64_t available() const {
        return std::numeric_limits<std::uint64_t>::max();
    }
    void invalidate(const mmu::Maintenance<typename Format::Input>&) {}

  private:
    static constexpr std::uint64_t kRootBytes =
        Format::kGeometry.root_tables() * Format::kTableBytes;

    [[nodiscard]] std::size_t place(Table table, unsigned index) const {
        return static_cast<std::size_t>((table - root_) / sizeof(Word)) + index;
    }

    Table root_;
    std::vector<Word> words_;
};

}  // namespace hm::host
