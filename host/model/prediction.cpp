#include "host/model/prediction.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/walker.hpp"

namespace hm::host {

namespace {

constexpr std::uint64_t kLineBytes = 64;
constexpr std::uint64_t kPageBytes = bytes(mmu::Size::k4K);
/// Beyond everything that a 32-bit VA reaches.
constexpr mmu::Pa kSecondTables{std::uint64_t{1} << 39};

/// Tables in the host's memory, without a limit.
template <class Format>
class HostTables {
  public:
    using Descriptor = typename Format::Descriptor;
    using Table = typename Format::Output;

    explicit HostTables(std::uint64_t from) : root_{(from + kRootBytes - 1) & ~(kRootBytes - 1)} {
        words_.resize(kRootBytes / sizeof(Descriptor));
    }

    [[nodiscard]] Table root() const { return root_; }
    [[nodiscard]] std::uint64_t bytes() const { return words_.size() * sizeof(Descriptor); }

    // --- what the builder uses ---

    typename Descriptor::Word read(Table table, unsigned index) { return words_[at(table, index)]; }
    void store(Table table, unsigned index, typename Descriptor::Word word) {
        words_[at(table, index)] = word;
    }
    void complete() {}
    void write(Table table, unsigned index, typename Descriptor::Word word) {
        store(table, index, word);
    }
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

    [[nodiscard]] std::size_t at(Table table, unsigned index) const {
        return static_cast<std::size_t>((table - root_) / sizeof(Descriptor)) + index;
    }

    Table root_;
    std::vector<typename Descriptor::Word> words_;
};

/// Tables of one stage as walks see them on the bus, where they lie at their own address. Remembers
/// which lines were read.
template <class Format>
class WatchedTables {
  public:
    explicit WatchedTables(HostTables<Format>& tables)
        : tables_(tables), touched_(tables.bytes() / kLineBytes) {}

    template <class Address>
    typename Format::Descriptor::Word read(Address table, unsigned index) {
        const std::uint64_t offset =
            table.value - tables_.root().value + index * sizeof(typename Format::Descriptor);
        touched_[static_cast<std::size_t>(offset / kLineBytes)] = true;
        return tables_.read({table.value}, index);
    }

    [[nodiscard]] std::uint64_t lines() const {
        return static_cast<std::uint64_t>(std::ranges::count(touched_, true));
    }

  private:
    HostTables<Format>& tables_;
    std::vector<bool> touched_;
};

/// Addresses from `begin` up to `end`, in whole leaves of `size`.
struct Extent {
    std::uint64_t begin;
    std::uint64_t end;

    [[nodiscard]] Extent in(mmu::Size size) const {
        const std::uint64_t mask = bytes(size) - 1;
        return {begin & ~mask, (end + mask) & ~mask};
    }
};

/// Maps `extent` to itself.
template <class Format>
[[nodiscard]] bool map(HostTables<Format>& tables, Extent extent, mmu::Size size) {
    mmu::Builder<Format, HostTables<Format>> builder(tables, tables.root());
    return builder.map({{extent.begin}, extent.end - extent.begin}, {extent.begin}, {}, size) ==
           mmu::Status::kOk;
}

/// The same for two extents, which may share a leaf.
template <class Format>
[[nodiscard]] bool map_both(HostTables<Format>& tables, Extent first, Extent second,
                            mmu::Size size) {
    if (first.begin > second.begin) {
        std::swap(first, second);
    }
    if (second.begin <= first.end) {
        return map(tables, {first.begin, std::max(first.end, second.end)}, size);
    }
    return map(tables, first, size) && map(tables, second, size);
}

/// Descriptors on the way to a leaf of `size`.
template <class Format>
[[nodiscard]] unsigned levels_to(mmu::Size size) {
    unsigned level = Format::kGeometry.start_level;
    while (Format::size_at(level) != size) {
        ++level;
    }
    return level - Format::kGeometry.start_level + 1;
}

/// Calls `visit` with an address in each page that has a place, all places of a page being alike.
template <class Visit>
void for_each_page(const Chain& chain, Visit&& visit) {
    const std::uint64_t places = (chain.bytes + chain.stride - 1) / chain.stride;
    const std::uint64_t last = chain.base + (places - 1) * chain.stride;
    if (chain.stride > kPageBytes) {
        for (std::uint64_t place = chain.base; place <= last; place += chain.stride) {
            visit(place);
        }
        return;
    }
    for (std::uint64_t page = chain.base - chain.base % kPageBytes; page <= last;
         page += kPageBytes) {
        visit(page);
    }
}

/// Least and most reads of the walks that `walk` makes for the chain's places.
template <class Walk>
[[nodiscard]] Prediction::Reads reads_of(const Chain& chain, Walk&& walk) {
    Prediction::Reads reads{std::numeric_limits<unsigned>::max(), 0};
    for_each_page(chain, [&](std::uint64_t address) {
        const unsigned now = walk(address).reads;
        reads = {std::min(reads.min, now), std::max(reads.max, now)};
    });
    return reads;
}

[[nodiscard]] Extent extent_of(const Chain& chain) {
    return {chain.base, chain.base + chain.bytes};
}

/// Only one stage, its tables from `from` on.
template <class Format>
[[nodiscard]] Prediction predict_one(mmu::Size size, const Chain& chain, std::uint64_t from) {
    HostTables<Format> tables(from);
    if (!map(tables, extent_of(chain).in(size), size)) {
        return {};
    }
    WatchedTables<Format> watched(tables);
    Prediction prediction;
    prediction.reads = reads_of(chain, [&](std::uint64_t address) {
        return mmu::walk<Format>(watched, tables.root(), {address});
    });
    prediction.formula = levels_to<Format>(size);
    prediction.lines = watched.lines();
    if constexpr (std::is_same_v<typename Format::Input, mmu::Va>) {
        prediction.stage1_lines = prediction.lines;
        prediction.stage1_table_bytes = tables.bytes();
    } else {
        prediction.stage2_lines = prediction.lines;
        prediction.stage2_table_bytes = tables.bytes();
    }
    return prediction;
}

template <class First, class Second>
[[nodiscard]] Prediction predict_both(mmu::Size first_size, mmu::Size second_size,
                                      const Chain& chain) {
    HostTables<First> first(chain.tables);
    if (!map(first, extent_of(chain).in(first_size), first_size)) {
        return {};
    }
    HostTables<Second> second(kSecondTables.value);
    const Extent first_tables{first.root().value, first.root().value + first.bytes()};
    if (!map_both(second, extent_of(chain).in(second_size), first_tables.in(second_size),
                  second_size)) {
        return {};
    }
    WatchedTables<First> first_watched(first);
    WatchedTables<Second> second_watched(second);
    Prediction prediction;
    prediction.reads = reads_of(chain, [&](std::uint64_t address) {
        return mmu::nested_walk<First, Second>(first_watched, second_watched, first.root(),
                                               second.root(), {address});
    });
    prediction.formula =
        (levels_to<First>(first_size) + 1) * (levels_to<Second>(second_size) + 1) - 1;
    prediction.stage1_lines = first_watched.lines();
    prediction.stage2_lines = second_watched.lines();
    prediction.lines = prediction.stage1_lines + prediction.stage2_lines;
    prediction.stage1_table_bytes = first.bytes();
    prediction.stage2_table_bytes = second.bytes();
    return prediction;
}

/// Calls `use` with the format and the leaf size of stage 1, which is on.
template <class Use>
[[nodiscard]] Prediction with_stage1(measure::Stage1 stage1, Use&& use) {
    switch (stage1) {
        case measure::Stage1::kLong4K:
            return use(mmu::Stage1{}, mmu::Size::k4K);
        case measure::Stage1::kLong2M:
            return use(mmu::Stage1{}, mmu::Size::k2M);
        case measure::Stage1::kShort4K:
            return use(mmu::ShortStage1{}, mmu::Size::k4K);
        case measure::Stage1::kShort1M:
            return use(mmu::ShortStage1{}, mmu::Size::k1M);
        case measure::Stage1::kOff:
            break;
    }
    return {};
}

/// The same for stage 2.
template <class Use>
[[nodiscard]] Prediction with_stage2(measure::Stage2 stage2, Use&& use) {
    switch (stage2) {
        case measure::Stage2::k4K:
            return use(mmu::Stage2{}, mmu::Size::k4K);
        case measure::Stage2::k2M:
            return use(mmu::Stage2{}, mmu::Size::k2M);
        case measure::Stage2::k1G:
            return use(mmu::Stage2{}, mmu::Size::k1G);
        case measure::Stage2::k4KFromLevel2:
            return use(mmu::Stage2Narrow{}, mmu::Size::k4K);
        case measure::Stage2::k2MFromLevel2:
            return use(mmu::Stage2Narrow{}, mmu::Size::k2M);
        case measure::Stage2::k1GFromLevel2:
        case measure::Stage2::kOff:
            break;
    }
    return {};
}

/// Whether all of it lies in the 4 GB that a VA reaches.
[[nodiscard]] bool fits(const Chain& chain) {
    return chain.bytes != 0 && chain.stride != 0 && chain.tables < mmu::Va::limit &&
           mmu::Range<mmu::Va>{{chain.base}, chain.bytes}.fits_below(mmu::Va::limit);
}

}  // namespace

Prediction predict(const measure::Translation& translation, const Chain& chain) {
    if (!translation.impossible().empty() || !fits(chain)) {
        return {};
    }
    switch (translation.regime()) {
        case measure::Regime::kNative:
            return with_stage1(translation.stage1, [&]<class First>(First, mmu::Size size) {
                return predict_one<First>(size, chain, chain.tables);
            });
        case measure::Regime::kStage2:
            return with_stage2(translation.stage2, [&]<class Second>(Second, mmu::Size size) {
                return predict_one<Second>(size, chain, kSecondTables.value);
            });
        case measure::Regime::kNested:
            break;
    }
    return with_stage1(translation.stage1, [&]<class First>(First, mmu::Size first_size) {
        return with_stage2(translation.stage2, [&]<class Second>(Second, mmu::Size second_size) {
            return predict_both<First, Second>(first_size, second_size, chain);
        });
    });
}

}  // namespace hm::host
