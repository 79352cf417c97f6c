#pragma once
// What a table walk for one page reads, stage by stage, found by the project's own walker.

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/mmu/walker.hpp"
#include "host/model/host_tables.hpp"

namespace hm::host {

/// Levels of either format, at most.
inline constexpr unsigned kMostLevels = 3;

/// The way through one stage: its descriptors from the root to the leaf.
struct StageWalk {
    unsigned reads = 0;                             ///< Descriptors; 0 if the stage is off.
    std::array<std::uint64_t, kMostLevels> at{};    ///< Their physical addresses.
    std::array<std::uint8_t, kMostLevels> shift{};  ///< log2 of what one entry of the level spans.

    [[nodiscard]] unsigned leaf_shift() const { return reads == 0 ? 0 : shift[reads - 1]; }

    friend bool operator==(const StageWalk&, const StageWalk&) = default;
};

/// The walk for one virtual page. Without stage 1, its VA is the IPA.
struct PageWalk {
    StageWalk first;
    std::array<std::uint64_t, kMostLevels> first_ipa{};  ///< Where stage 1 finds its descriptors.
    /// How stage 2 translates the IPA of each stage-1 descriptor, and at [first.reads] that of the
    /// page; all empty if stage 2 is off.
    std::array<StageWalk, kMostLevels + 1> second{};
    std::uint64_t ipa = 0;  ///< What the page's address becomes after stage 1,
    std::uint64_t pa = 0;   ///< and after both.

    [[nodiscard]] unsigned reads() const {
        unsigned all = first.reads;
        for (const StageWalk& walk : second) {
            all += walk.reads;
        }
        return all;
    }
    [[nodiscard]] const StageWalk& second_of_page() const { return second[first.reads]; }

    friend bool operator==(const PageWalk&, const PageWalk&) = default;
};

namespace detail {

template <class Format>
[[nodiscard]] StageWalk stage_of(const mmu::Walk<Format>& walk) {
    StageWalk stage{.reads = walk.reads, .at = {}, .shift = {}};
    for (unsigned i = 0; i < walk.reads; ++i) {
        stage.at[i] = walk.read_at[i].value;
        stage.shift[i] =
            static_cast<std::uint8_t>(shift(Format::size_at(Format::kGeometry.start_level + i)));
    }
    return stage;
}

/// Adds stage 2's way for `ipa` as number `index`; nothing if it refuses it.
template <class Second>
[[nodiscard]] std::optional<std::uint64_t> add_second(const HostTables<Second>& tables,
                                                      std::uint64_t ipa, unsigned index,
                                                      PageWalk& page) {
    const mmu::Walk<Second> walk = mmu::walk_with<Second>(
        tables.root(), {ipa},
        [&tables](typename Second::Output at) { return std::optional(tables.at(at.value)); });
    page.second[index] = stage_of(walk);
    return walk.output ? std::optional(walk.output->value) : std::nullopt;
}

}  // namespace detail

/// The walk for `va` through stage 1 alone, or nothing if it faults.
template <class First>
[[nodiscard]] std::optional<PageWalk> walk_stage1(const HostTables<First>& tables,
                                                  std::uint64_t va) {
    const mmu::Walk<First> walk = mmu::walk_with<First>(
        tables.root(), {va},
        [&tables](typename First::Output at) { return std::optional(tables.at(at.value)); });
    if (!walk.output) {
        return std::nullopt;
    }
    PageWalk page;
    page.first = detail::stage_of(walk);
    page.first_ipa = page.first.at;
    page.ipa = page.pa = walk.output->value;
    return page;
}

/// The same through stage 2 alone.
template <class Second>
[[nodiscard]] std::optional<PageWalk> walk_stage2(const HostTables<Second>& tables,
                                                  std::uint64_t ipa) {
    PageWalk page;
    const auto pa = detail::add_second(tables, ipa, 0, page);
    if (!pa) {
        return std::nullopt;
    }
    page.ipa = ipa;
    page.pa = *pa;
    return page;
}

/// The same through both. Stage 2 also translates the addresses at which stage 1 finds its
/// descriptors.
template <class First, class Second>
[[nodiscard]] std::optional<PageWalk> walk_both(const HostTables<First>& first,
                                                const HostTables<Second>& second,
                                                std::uint64_t va) {
    using Word = typename First::Descriptor::Word;
    PageWalk page;
    std::array<std::uint64_t, kMostLevels> physical{};
    unsigned level = 0;
    const mmu::Walk<First> walk = mmu::walk_with<First>(
        first.root(), {va}, [&](typename First::Output at) -> std::optional<Word> {
            const auto pa = detail::add_second(second, at.value, level, page);
            if (!pa) {
                return std::nullopt;
            }
            physical[level] = *pa;
            ++level;
            return first.at(at.value);
        });
    if (!walk.output) {
        return std::nullopt;
    }
    page.first = detail::stage_of(walk);
    page.first_ipa = page.first.at;
    page.first.at = physical;
    page.ipa = walk.output->value;
    const auto pa = detail::add_second(second, page.ipa, page.first.reads, page);
    if (!pa) {
        return std::nullopt;
    }
    page.pa = *pa;
    return page;
}

}  // namespace hm::host
