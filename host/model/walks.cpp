#include "host/model/walks.hpp"

#include <algorithm>

#include "drivers/mmu/format.hpp"

namespace hm::host {
namespace {

constexpr std::uint64_t kPageBytes = bytes(mmu::Size::k4K);
constexpr std::uint64_t kLargestGap = bytes(mmu::Size::k2M);
/// Beyond everything that a 32-bit VA reaches.
constexpr std::uint64_t kStage2Tables = std::uint64_t{1} << 39;

/// Descriptors on the way to a leaf of `size`.
template <class Format>
[[nodiscard]] unsigned levels_to(mmu::Size size) {
    unsigned level = Format::kGeometry.start_level;
    while (Format::size_at(level) != size) {
        ++level;
    }
    return level - Format::kGeometry.start_level + 1;
}

[[nodiscard]] Extent extent_of(const Chain& chain) {
    return {chain.base, chain.base + chain.bytes};
}

/// Whether the chase's memory follows the image, as a guest's does, after a job and its events.
[[nodiscard]] bool follows(const Chain& chain, const GuestLayout& layout) {
    return chain.base >= layout.image.end && chain.base - layout.image.end < kLargestGap;
}

/// What the guest maps, in its order (Kernel::start_mmu, then Kernel::allocate): the image with
/// everything up to its tables' end, devices, the job and its events, the chase's memory.
template <class First>
[[nodiscard]] bool build_stage1(HostTables<First>& tables, const GuestLayout& layout,
                                const Chain& chain, mmu::Size size) {
    constexpr mmu::Size kPage = mmu::Size::k4K;
    const Extent job{layout.image.end, chain.base & ~(kPageBytes - 1)};
    return tables.map_to_itself(layout.image, kPage) &&
           tables.map_to_itself(GuestLayout::kDevices, kPage) &&
           (!follows(chain, layout) || tables.map_to_itself(job, kPage)) &&
           tables.map_to_itself(extent_of(chain).in(size), size);
}

/// What the monitor maps (session/core/guest_machine.cpp): the guest's memory in blocks, then its
/// CPU interface.
template <class Second>
[[nodiscard]] bool build_stage2(HostTables<Second>& tables, const GuestLayout& layout,
                                const Chain& chain, mmu::Size size) {
    const Extent memory = extent_of(chain);
    // One page of events; that is what a chase has.
    const Extent whole{layout.image.begin,
                       layout.image.begin + GuestLayout::kOverhead + chain.bytes + kPageBytes};
    const bool both = chain.tables != 0 && !follows(chain, layout);
    Extent first = chain.tables == 0 ? memory.in(size)
                   : both            ? layout.image.in(size)
                                     : whole.in(mmu::Size::k2M).in(size);
    Extent second = memory.in(size);
    if (both && first.begin < second.end && second.begin < first.end) {
        first = {std::min(first.begin, second.begin), std::max(first.end, second.end)};
        second = {};
    }
    // A large block may hold the devices too.
    const Extent devices = GuestLayout::kDevices;
    const bool apart = first.begin >= devices.end || first.end <= devices.begin;
    return tables.map_to_itself(first, size) && (!both || tables.map_to_itself(second, size)) &&
           (!apart || tables.map_to_itself(devices, mmu::Size::k4K));
}

/// Calls `visit` with an address in each page that has a place, all places of a page being alike.
template <class Visit>
void for_each_page(const Chain& chain, Visit&& visit) {
    const std::uint64_t places = (chain.bytes + chain.stride - 1) / chain.stride;
    const std::uint64_t last = chain.base + (places - 1) * chain.stride;
    if (chain.stride > kPageBytes) {
        for (std::uint64_t place = chain.base; place <= last; place += chain.stride) {
            visit(place & ~(kPageBytes - 1));
        }
        return;
    }
    for (std::uint64_t page = chain.base & ~(kPageBytes - 1); page <= last; page += kPageBytes) {
        visit(page);
    }
}

template <class Format>
[[nodiscard]] Extent extent_of(const HostTables<Format>& tables) {
    return {tables.root().value, tables.root().value + tables.bytes()};
}

/// Walks every page; the tables map them all.
template <class Walk>
[[nodiscard]] bool visit_all(const Chain& chain, const CellTables& tables, const VisitWalk& visit,
                             Walk&& walk) {
    bool all = true;
    for_each_page(chain, [&](std::uint64_t page) {
        if (const std::optional<PageWalk> found = walk(page)) {
            visit(tables, page, *found);
        } else {
            all = false;
        }
    });
    return all;
}

template <class First>
[[nodiscard]] bool visit_native(mmu::Size size, const GuestLayout& layout, const Chain& chain,
                                const VisitWalk& visit) {
    HostTables<First> first(layout.tables);
    return build_stage1(first, layout, chain, size) &&
           visit_all(chain, {extent_of(first), {}, levels_to<First>(size)}, visit,
                     [&](std::uint64_t page) { return walk_stage1(first, page); });
}

template <class Second>
[[nodiscard]] bool visit_stage2(mmu::Size size, const GuestLayout& layout, const Chain& chain,
                                const VisitWalk& visit) {
    HostTables<Second> second(kStage2Tables);
    return build_stage2(second, layout, chain, size) &&
           visit_all(chain, {{}, extent_of(second), levels_to<Second>(size)}, visit,
                     [&](std::uint64_t page) { return walk_stage2(second, page); });
}

template <class First, class Second>
[[nodiscard]] bool visit_nested(mmu::Size first_size, mmu::Size second_size,
                                const GuestLayout& layout, const Chain& chain,
                                const VisitWalk& visit) {
    HostTables<First> first(layout.tables);
    HostTables<Second> second(kStage2Tables);
    const unsigned formula =
        (levels_to<First>(first_size) + 1) * (levels_to<Second>(second_size) + 1) - 1;
    return build_stage1(first, layout, chain, first_size) &&
           build_stage2(second, layout, chain, second_size) &&
           visit_all(chain, {extent_of(first), extent_of(second), formula}, visit,
                     [&](std::uint64_t page) { return walk_both(first, second, page); });
}

/// Calls `use` with the format and the leaf size of stage 1, which is on.
template <class Use>
[[nodiscard]] bool with_stage1(measure::Stage1 stage1, Use&& use) {
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
    return false;
}

/// The same for stage 2.
template <class Use>
[[nodiscard]] bool with_stage2(measure::Stage2 stage2, Use&& use) {
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
    return false;
}

/// Whether all of it lies in the 4 GB that a VA reaches, with room below for a guest's image.
[[nodiscard]] bool fits(const measure::Translation& translation, const Chain& chain) {
    const bool has_tables = chain.tables >= GuestLayout::kLongTables + bytes(mmu::Size::k2M) ||
                            (translation.stage1 == measure::Stage1::kOff && chain.tables == 0);
    return chain.bytes != 0 && chain.stride != 0 && has_tables &&
           chain.tables < mmu::Va::limit - bytes(mmu::Size::k2M) &&
           mmu::Range<mmu::Va>{{chain.base}, chain.bytes}.fits_below(mmu::Va::limit);
}

}  // namespace

bool visit_walks(const measure::Translation& translation, const Chain& chain,
                 const VisitWalk& visit) {
    if (!translation.impossible().empty() || !fits(translation, chain)) {
        return false;
    }
    // The root of short descriptors is 16 KB.
    const bool is_short = measure::is_short(translation.stage1);
    const std::uint64_t root_mask = is_short ? 16383 : kPageBytes - 1;
    const auto layout =
        GuestLayout::with_tables_at((chain.tables + root_mask) & ~root_mask, is_short);
    switch (translation.regime()) {
        case measure::Regime::kNative:
            return with_stage1(translation.stage1, [&]<class First>(First, mmu::Size size) {
                return visit_native<First>(size, layout, chain, visit);
            });
        case measure::Regime::kStage2:
            return with_stage2(translation.stage2, [&]<class Second>(Second, mmu::Size size) {
                return visit_stage2<Second>(size, layout, chain, visit);
            });
        case measure::Regime::kNested:
            break;
    }
    return with_stage1(translation.stage1, [&]<class First>(First, mmu::Size first_size) {
        return with_stage2(translation.stage2, [&]<class Second>(Second, mmu::Size second_size) {
            return visit_nested<First, Second>(first_size, second_size, layout, chain, visit);
        });
    });
}

}  // namespace hm::host
