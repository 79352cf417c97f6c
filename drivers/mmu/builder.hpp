#pragma once
// Builds and changes translation tables: map, unmap and protect ranges. Each operation first checks
// that it can succeed, and only then stores. So an error leaves all mappings as they were.
//
// Every state in between is valid (ARM DDI 0406C, B3.10.1, "break-before-make"): a live entry
// becomes invalid, then the TLBs drop it, and only then is the new one written. A new table is
// complete before an entry leads to it. A table is released when no entry and no TLB leads to it
// any more. When an operation returns, walks see everything that it stored.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "drivers/mmu/edit.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/mmu/memory.hpp"
#include "drivers/mmu/slices.hpp"
#include "drivers/mmu/survey.hpp"

namespace hm::mmu {

/// For callers that have nothing to do between the stores of new pages and their completion.
struct NothingMore {
    constexpr void operator()() const {}
};

/// The tables of one translation. `Memory` must outlive it.
template <class Format, class Memory>
requires TableMemory<Memory, Format>
class Builder {
  public:
    using Input = typename Format::Input;
    using Output = typename Format::Output;
    using Attributes = typename Format::Attributes;
    using Table = Output;

    /// `root`: `Format::kGeometry.root_tables()` zeroed tables next to each other, aligned to their
    /// total size. The caller owns them; the builder never releases them.
    constexpr Builder(Memory& memory, Table root) : memory_(memory), root_(root) {}

    [[nodiscard]] constexpr Table root() const { return root_; }

    /// Maps `range` to the same number of bytes from `output` on, in the largest blocks that fit
    /// the alignment of both and the length, or only in blocks of size `forced`. An empty range is
    /// allowed and does nothing. Kept out of line, so that `map_page` needs no stack.
    [[gnu::noinline]] constexpr Status map(Range<Input> range, Output output,
                                           const Attributes& attributes,
                                           std::optional<Size> forced = std::nullopt) {
        const Size grain = forced.value_or(Size::k4K);
        if (!is_aligned(range.begin.value | range.bytes | output.value, grain)) {
            return Status::kMisaligned;
        }
        if (!range.fits_below(kInputLimit) ||
            !Range<Output>{output, range.bytes}.fits_below(kOutputLimit) ||
            !Format::kGeometry.has(grain)) {
            return Status::kOutOfRange;
        }
        const Placement placement{output.value - range.begin.value, encode(attributes), forced};
        const Span span{range.begin.value, range.end().value};
        Status status = Survey<Format, Memory>(memory_, root_).map(span, placement);
        if constexpr (replaces_emptied_tables()) {
            if (status != Status::kOk) [[unlikely]] {
                drop_empty_tables(root_, kStartLevel, page_span(span));
                status = Survey<Format, Memory>(memory_, root_).map(span, placement);
            }
        }
        if (status == Status::kOk) {
            place<kStartLevel>(root_, span, placement);
            memory_.complete();
        }
        return status;
    }

    /// Maps one page of 4 KB, for fault handlers: fast if the tables exist already, and inlined so
    /// that constant attributes cost nothing. `stored` is called when the page is stored but walks
    /// may not see it yet. If a table had to be made for the page, they see it already.
    template <class Stored = NothingMore>
    [[gnu::always_inline]] constexpr Status map_page(Input input, Output output,
                                                     const Attributes& attributes,
                                                     Stored&& stored = {}) {
        return map_pages(input, output, 1, attributes, stored);
    }

    /// Maps one page of 4 KB only where nothing else has to be done: its table exists and its entry
    /// is invalid. Otherwise, or where an address is not one that map_page takes, it changes
    /// nothing and is false: map_page does the rest, or says why not. It calls nothing and needs no
    /// stack.
    template <class Stored = NothingMore>
    [[nodiscard, gnu::always_inline]] constexpr bool map_page_in_place(Input input, Output output,
                                                                       const Attributes& attributes,
                                                                       Stored&& stored = {}) {
        return is_aligned(input.value | output.value, Size::k4K) && input.value < kInputLimit &&
               output.value < kOutputLimit &&
               map_page_in_place_below<kStartLevel>(root_, input, output, attributes, stored);
    }

    /// Maps `count` neighbouring pages of 4 KB each; fast if one table holds them all.
    template <class Stored = NothingMore>
    [[gnu::always_inline]] constexpr Status map_pages(Input input, Output output, unsigned count,
                                                      const Attributes& attributes,
                                                      Stored&& stored = {}) {
        if (!is_aligned(input.value | output.value, Size::k4K)) {
            return Status::kMisaligned;
        }
        if (!pages_fit(input.value, count, kInputLimit) ||
            !pages_fit(output.value, count, kOutputLimit)) {
            return Status::kOutOfRange;
        }
        return map_pages_below<kStartLevel>(root_, input, output, count, attributes, stored);
    }

    /// Unmaps every page of `range`, splits blocks that reach beyond it, and frees tables that
    /// become empty. All of the range must be mapped (else kNotMapped). Splitting takes frames,
    /// which must be free beforehand (else kOutOfFrames). A block that is split faults as a whole
    /// for a moment: it must not hold what the CPU needs meanwhile (code, stack, tables).
    constexpr Status unmap(Range<Input> range) {
        return change(range, {.removes = true, .attributes = {}});
    }

    /// Unmaps one page of 4 KB that will be mapped again soon. Its table stays even if it is empty
    /// now, so that `map_page` stays fast; a block may take its place. kNotMapped if a block or
    /// nothing is there.
    constexpr Status unmap_page(Input input) {
        if (!is_aligned(input.value, Size::k4K)) {
            return Status::kMisaligned;
        }
        if (input.value >= kInputLimit) {
            return Status::kOutOfRange;
        }
        return unmap_page_below<kStartLevel>(root_, input);
    }

    /// Unmaps the whole leaf, page or block, that maps `input`. All tables stay.
    constexpr Status unmap_leaf(Input input) {
        return input.value < kInputLimit ? unmap_leaf_below<kStartLevel>(root_, input)
                                         : Status::kOutOfRange;
    }

    /// Gives every page of `range` new attributes and keeps its output. Splits and fails as `unmap`
    /// does; pages that have these attributes already are left as they are. Every page that changes
    /// faults for a moment. Blocks are not joined again.
    constexpr Status protect(Range<Input> range, const Attributes& attributes) {
        return change(range, {.removes = false, .attributes = encode(attributes)});
    }

  private:
    static constexpr unsigned kStartLevel = Format::kGeometry.start_level;
    static constexpr unsigned kLastLevel = Format::kLastLevel;
    static constexpr std::uint64_t kInputLimit = std::uint64_t{1} << Format::kGeometry.input_bits;
    static constexpr std::uint64_t kOutputLimit = std::uint64_t{1} << Format::kOutputBits;

    static constexpr unsigned kPageShift = shift(Size::k4K);

    template <unsigned kLevel>
    using Slices = mmu::Slices<Format, kLevel>;

    /// Input pages by their numbers, `end` not among them.
    struct PageSpan {
        std::uint32_t begin, end;
    };

    using Descriptor = typename Format::Descriptor;
    using Placement = mmu::Placement<Output, Descriptor>;
    using Change = mmu::Change<Output, Descriptor>;

    static constexpr bool replaces_emptied_tables() {
        if constexpr (requires { Memory::kMapsNoBlocksOverPages; }) {
            return !Memory::kMapsNoBlocksOverPages;
        }
        return true;
    }

    static constexpr PageSpan page_span(Span span) {
        return {static_cast<std::uint32_t>(span.begin >> kPageShift),
                static_cast<std::uint32_t>(span.end >> kPageShift)};
    }

    constexpr Descriptor read(Table table, unsigned index) {
        return Descriptor::from(memory_.read(table, index));
    }
    constexpr void store(Table table, unsigned index, Descriptor descriptor) {
        memory_.store(table, index, descriptor.raw);
    }
    constexpr void write(Table table, unsigned index, Descriptor descriptor) {
        memory_.write(table, index, descriptor.raw);
    }

    /// Lets an entry lead to `next`, after making everything in `next` visible to walks (B3.10.1).
    [[gnu::always_inline]] constexpr void link(Table table, unsigned index, Table next) {
        memory_.complete();
        store(table, index, Descriptor::table(next));
    }

    /// Makes a live entry invalid, and completes all stores. `granule`: the smallest leaf that it
    /// led to.
    constexpr void break_entry(Table table, const Slice& slice, Size granule) {
        store(table, slice.index, {});
        memory_.invalidate(Maintenance<Input>::of(
            {{slice.entry.begin}, slice.entry.end - slice.entry.begin}, granule));
    }

    // --- map ---

    /// Whether `count` pages from the aligned address `begin` on lie below `limit`. For one page, a
    /// look at `begin` is enough.
    static constexpr bool pages_fit(std::uint64_t begin, unsigned count, std::uint64_t limit) {
        return count == 1 ? begin < limit
                          : (begin >> shift(Size::k4K)) + count <= limit >> shift(Size::k4K);
    }

    template <unsigned kLevel, class Stored>
    [[gnu::always_inline]] constexpr Status map_pages_below(Table table, Input input, Output output,
                                                            unsigned count,
                                                            const Attributes& attributes,
                                                            Stored& stored) {
        const unsigned first = index_at<Format, kLevel>(input);
        if constexpr (kLevel < kLastLevel) {
            const Descriptor entry = read(table, first);
            if (entry.is_table(kLevel)) {
                return map_pages_below<kLevel + 1>(entry.template next_table<Table>(), input,
                                                   output, count, attributes, stored);
            }
            if constexpr (kLevel + 1 == kLastLevel) {
                if (!entry.is_valid() && fits_one_table(input, count)) {
                    const Status status =
                        map_pages_in_new_table(table, first, input, output, count, attributes);
                    stored();
                    return status;
                }
            }
        } else if (fits_one_table(input, count)) {
            for (unsigned i = 0; i < count; ++i) {
                if (read(table, first + i).is_valid()) {
                    return Status::kOverlap;
                }
            }
            store_pages(table, first, output, count, attributes);
            stored();
            memory_.complete();
            return Status::kOk;
        }
        const Status status = map({input, count * bytes(Size::k4K)}, output, attributes, Size::k4K);
        if (status == Status::kOk) {
            stored();
        }
        return status;
    }

    template <unsigned kLevel, class Stored>
    [[gnu::always_inline]] constexpr bool map_page_in_place_below(Table table, Input input,
                                                                  Output output,
                                                                  const Attributes& attributes,
                                                                  Stored& stored) {
        const unsigned index = index_at<Format, kLevel>(input);
        const Descriptor entry = read(table, index);
        if constexpr (kLevel < kLastLevel) {
            return entry.is_table(kLevel) &&
                   map_page_in_place_below<kLevel + 1>(entry.template next_table<Table>(), input,
                                                       output, attributes, stored);
        } else {
            if (entry.is_valid()) {
                return false;
            }
            store_pages(table, index, output, 1, attributes);
            stored();
            memory_.complete();
            return true;
        }
    }

    static constexpr bool fits_one_table(Input input, unsigned count) {
        return count <= Format::kEntriesPerTable - index_at<Format, kLastLevel>(input);
    }

    [[gnu::always_inline]] constexpr void store_pages(Table table, unsigned first, Output output,
                                                      unsigned count,
                                                      const Attributes& attributes) {
        store_leaves(table, first, count, encode(attributes).leaf(output, kLastLevel));
    }

    /// Stores `leaf` into entry `first` of the last level, and those of the next pages after it.
    [[gnu::always_inline]] constexpr void store_leaves(Table table, unsigned first, unsigned count,
                                                       Descriptor leaf) {
        for (unsigned i = 0; i < count; ++i, leaf = leaf.next_page()) {
            store(table, first + i, leaf);
        }
    }

    /// For an invalid entry `index` of `table`, at the last level but one: makes a table for the
    /// pages.
    [[gnu::noinline]] constexpr Status map_pages_in_new_table(Table table, unsigned index,
                                                              Input input, Output output,
                                                              unsigned count,
                                                              const Attributes& attributes) {
        const auto next = memory_.allocate();
        if (!next) {
            return Status::kOutOfFrames;
        }
        store_pages(*next, index_at<Format, kLastLevel>(input), output, count, attributes);
        link(table, index, *next);
        memory_.complete();
        return Status::kOk;
    }

    template <unsigned kLevel>
    constexpr void place(Table table, Span span, const Placement& placement) {
        if constexpr (kLevel == kLastLevel) {
            store_leaves(table, index_at<Format, kLevel>({span.begin}), span.pages(),
                         placement.leaf(span.begin, kLevel));
        } else {
            for (const Slice& slice : Slices<kLevel>(span)) {
                if (placement.fits(slice, Format::size_at(kLevel))) {
                    store(table, slice.index, placement.leaf(slice.span.begin, kLevel));
                } else {
                    place_below<kLevel>(table, slice, placement);
                }
            }
        }
    }

    /// Gives back those tables below `table`, of `level`, that `unmap_page` has emptied and whose
    /// whole range lies in `pages`: blocks may go there. Rare, so it is made small: the level is no
    /// template's.
    [[gnu::cold, gnu::noinline]] constexpr void drop_empty_tables(Table table, unsigned level,
                                                                  PageSpan pages) {
        const unsigned bits = shift(Format::size_at(level)) - kPageShift;
        const std::uint32_t entries =
            level == kStartLevel ? Format::kGeometry.root_entries() : Format::kEntriesPerTable;
        for (std::uint32_t begin = pages.begin >> bits << bits; begin < pages.end;
             begin += 1U << bits) {
            const unsigned index = (begin >> bits) % entries;
            const Descriptor entry = read(table, index);
            if (!entry.is_table(level)) {
                continue;
            }
            const Table next = entry.template next_table<Table>();
            const PageSpan all{begin, begin + (1U << bits)};
            if (level + 1 < kLastLevel) {
                drop_empty_tables(next, level + 1,
                                  {std::max(all.begin, pages.begin), std::min(all.end, pages.end)});
            }
            // Valid entries look the same at every level.
            if (all.begin >= pages.begin && all.end <= pages.end && is_empty<kLastLevel>(next, 0)) {
                store(table, index, {});
                memory_.invalidate({Maintenance<Input>::Kind::kRegime, {}, Size::k4K});
                memory_.release(next);
            }
        }
    }

    /// Maps `slice`, an entry of `table`, through a table below it.
    template <unsigned kLevel>
    constexpr void place_below(Table table, const Slice& slice, const Placement& placement) {
        if (const Descriptor entry = read(table, slice.index); entry.is_valid()) {
            place<kLevel + 1>(entry.template next_table<Table>(), slice.span, placement);
            return;
        }
        const Table next = *memory_.allocate();
        place<kLevel + 1>(next, slice.span, placement);
        link(table, slice.index, next);
    }

    // --- unmap and protect ---

    template <unsigned kLevel>
    [[gnu::always_inline]] constexpr Status unmap_page_below(Table table, Input input) {
        const unsigned index = index_at<Format, kLevel>(input);
        const Descriptor entry = read(table, index);
        if constexpr (kLevel < kLastLevel) {
            return entry.is_table(kLevel)
                       ? unmap_page_below<kLevel + 1>(entry.template next_table<Table>(), input)
                       : Status::kNotMapped;
        } else {
            if (!entry.is_valid()) {
                return Status::kNotMapped;
            }
            store(table, index, {});
            memory_.invalidate(Maintenance<Input>::of({input, bytes(Size::k4K)}, Size::k4K));
            return Status::kOk;
        }
    }

    template <unsigned kLevel>
    constexpr Status unmap_leaf_below(Table table, Input input) {
        const unsigned index = index_at<Format, kLevel>(input);
        const Descriptor entry = read(table, index);
        if constexpr (kLevel < kLastLevel) {
            if (entry.is_table(kLevel)) {
                return unmap_leaf_below<kLevel + 1>(entry.template next_table<Table>(), input);
            }
        }
        if (!entry.is_valid()) {
            return Status::kNotMapped;
        }
        constexpr Size size = Format::size_at(kLevel);
        store(table, index, {});
        memory_.invalidate(Maintenance<Input>::of({align_down(input, size), bytes(size)}, size));
        return Status::kOk;
    }

    constexpr Status change(Range<Input> range, const Change& how) {
        if (!is_aligned(range.begin.value | range.bytes, Size::k4K)) {
            return Status::kMisaligned;
        }
        if (!range.fits_below(kInputLimit)) {
            return Status::kOutOfRange;
        }
        const Span span{range.begin.value, range.end().value};
        const Status status = Survey<Format, Memory>(memory_, root_).change(span, how);
        if (status == Status::kOk) {
            apply<kStartLevel>(root_, span, how);
        }
        return status;
    }

    template <unsigned kLevel>
    constexpr void apply(Table table, Span span, const Change& change) {
        for (const Slice& slice : Slices<kLevel>(span)) {
            const Descriptor entry = read(table, slice.index);
            if constexpr (kLevel < kLastLevel) {
                if (entry.is_table(kLevel)) {
                    apply_to_table<kLevel>(table, slice, entry.template next_table<Table>(),
                                           change);
                    continue;
                }
            }
            const Descriptor changed = change.of(entry, kLevel);
            if (changed == entry) {
                continue;
            }
            if constexpr (kLevel < kLastLevel) {
                if (!slice.whole) {
                    const Table next = *memory_.allocate();
                    fill_split<kLevel + 1>(next, slice, entry, change);
                    break_entry(table, slice, Format::size_at(kLevel));
                    write(table, slice.index, Descriptor::table(next));
                    continue;
                }
            }
            break_entry(table, slice, Format::size_at(kLevel));
            if (!change.removes) {
                write(table, slice.index, changed);
            }
        }
    }

    /// Applies `change` to the part of table `next` that `slice`, an entry of `table`, covers.
    template <unsigned kLevel>
    constexpr void apply_to_table(Table table, const Slice& slice, Table next,
                                  const Change& change) {
        if (change.removes && slice.whole) {
            break_entry(table, slice, Size::k4K);
            release_tree<kLevel + 1>(next);
            return;
        }
        apply<kLevel + 1>(next, slice.span, change);
        if (change.removes && is_empty<kLevel + 1>(next, slice.span.end)) {
            // The TLBs have dropped its leaves already. A walk cache holds the table for this one
            // entry, so one operation at any address of the entry drops it.
            break_entry(table, slice, Format::size_at(kLevel));
            memory_.release(next);
        }
    }

    /// Fills the empty table `table` of `kLevel` with what `block` maps. The part that `slice`
    /// covers of the block's entry is changed.
    template <unsigned kLevel>
    constexpr void fill_split(Table table, const Slice& slice, Descriptor block,
                              const Change& change) {
        const Output output = block.template output<Output>(kLevel - 1);
        const Descriptor attributes = block.page_attributes(kLevel - 1);
        for (const Slice& piece : Slices<kLevel>(slice.entry)) {
            const Descriptor leaf =
                attributes.leaf(output + (piece.entry.begin - slice.entry.begin), kLevel);
            const Slice part = piece.cut(slice.span);
            if (part.span.is_empty()) {
                store(table, part.index, leaf);
                continue;
            }
            if constexpr (kLevel < kLastLevel) {
                if (!part.whole) {
                    const Table next = *memory_.allocate();
                    fill_split<kLevel + 1>(next, part, leaf, change);
                    link(table, part.index, next);
                    continue;
                }
            }
            if (!change.removes) {
                store(table, part.index, change.of(leaf, kLevel));
            }
        }
    }

    /// Releases `table`, to which nothing leads any more, and all tables below it.
    template <unsigned kLevel>
    constexpr void release_tree(Table table) {
        if constexpr (kLevel < kLastLevel) {
            for (unsigned index = 0; index < Format::kEntriesPerTable; ++index) {
                if (const Descriptor entry = read(table, index); entry.is_table(kLevel)) {
                    release_tree<kLevel + 1>(entry.template next_table<Table>());
                }
            }
        }
        memory_.release(table);
    }

    /// Looks at all entries, beginning with the one for `input`: if pages are unmapped in order,
    /// the next one is most likely still mapped.
    template <unsigned kLevel>
    constexpr bool is_empty(Table table, std::uint64_t input) {
        const unsigned start = index_at<Format, kLevel>(Input{input});
        for (unsigned i = 0; i < Format::kEntriesPerTable; ++i) {
            if (read(table, (start + i) % Format::kEntriesPerTable).is_valid()) {
                return false;
            }
        }
        return true;
    }

    Memory& memory_;
    Table root_;
};

}  // namespace hm::mmu
