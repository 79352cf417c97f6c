#pragma once
// The translation-table walk in software: what the CPU's own walker would find, which descriptors
// it would read on the way, and why it would fault. For tests, and to predict what a TLB miss
// costs.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>

#include "drivers/mmu/format.hpp"
#include "drivers/mmu/memory.hpp"

namespace hm::mmu {

/// Why a walk ends without an output; `level` of the walk says where (ARM DDI 0406C, B3.12).
enum class WalkFault : std::uint8_t {
    kNone,
    /// An invalid or reserved entry. An input beyond the translated space gives this fault at level
    /// 1, before anything is read.
    kTranslation,
    kAccessFlag,
    /// Stage 2 refused the IPA of a stage-1 descriptor (only in nested walks).
    kStage2OnWalk,
};

/// How one stage translates an input. `output`, `attributes` and `size` are valid if `fault` is
/// kNone.
template <class Format>
struct Walk {
    using Output = typename Format::Output;

    WalkFault fault = WalkFault::kNone;
    unsigned level = Format::kGeometry.start_level;  ///< Of the last descriptor.
    std::optional<Output> output;
    typename Format::Attributes attributes{};
    Size size = Size::k4K;  ///< Of the leaf.
    /// Descriptors read, and where they lie, in order.
    unsigned reads = 0;
    std::array<Output, Format::kLastLevel> read_at{};
};

/// Walks `Format`'s tables at `root`. `read(address)` gives the descriptor at that address, or
/// nothing if the address itself does not translate.
template <class Format, class Read>
[[nodiscard]] constexpr Walk<Format> walk_with(typename Format::Output root,
                                               typename Format::Input input, Read&& read) {
    constexpr auto geometry = Format::kGeometry;
    using Descriptor = typename Format::Descriptor;
    using Output = typename Format::Output;
    Walk<Format> walk;
    if ((input.value >> geometry.input_bits) != 0) {
        walk.level = 1;
        walk.fault = WalkFault::kTranslation;
        return walk;
    }
    Output table = root;
    unsigned entries = geometry.root_entries();
    for (;; ++walk.level) {
        const Size span = Format::size_at(walk.level);
        const std::uint64_t index = (input.value >> shift(span)) & (entries - 1);
        const Output address = table + index * sizeof(Descriptor);
        const std::optional<typename Descriptor::Word> word = read(address);
        if (!word) {
            walk.fault = WalkFault::kStage2OnWalk;
            return walk;
        }
        walk.read_at[walk.reads++] = address;
        const Descriptor entry = Descriptor::from(*word);
        if (entry.is_table(walk.level)) {
            table = entry.template next_table<Output>();
            entries = Format::kEntriesPerTable;
            continue;
        }
        if (!entry.is_leaf(walk.level)) {
            walk.fault = WalkFault::kTranslation;
        } else if (!entry.is_accessed(walk.level)) {
            walk.fault = WalkFault::kAccessFlag;
        } else {
            walk.size = span;
            walk.attributes =
                decode<typename Format::Attributes>(entry.page_attributes(walk.level));
            walk.output = align_down(entry.template output<Output>(walk.level), span) +
                          (input - align_down(input, span));
        }
        return walk;
    }
}

/// A memory from which `Format`'s descriptors can be read, at addresses of the space `Table`.
template <class Memory, class Format, class Table>
concept ReaderOf = TableReader<Memory, Table, typename Format::Descriptor::Word>;

/// Reads the descriptor of `Format` at `address`, which is a multiple of its size.
template <class Format, class Table, class Memory>
requires ReaderOf<Memory, Format, Table>
[[nodiscard]] constexpr auto read_at(Memory& memory, Table address) {
    const std::uint64_t offset = address.value % Format::kTableBytes;
    return memory.read(address - offset,
                       static_cast<unsigned>(offset / sizeof(typename Format::Descriptor)));
}

/// The walk of only one stage.
template <class Format, class Memory>
requires ReaderOf<Memory, Format, typename Format::Output>
[[nodiscard]] constexpr Walk<Format> walk(Memory& memory, typename Format::Output root,
                                          typename Format::Input input) {
    return walk_with<Format>(root, input, [&memory](typename Format::Output address) {
        return std::optional(read_at<Format>(memory, address));
    });
}

/// Both stages: the IPA of each stage-1 descriptor, and then that of the output, goes through stage
/// 2.
template <class First, class Second>
struct NestedWalk {
    /// n stage-1 levels, each after a walk of m stage-2 levels, and m for the output.
    static constexpr unsigned kMostReads = (First::kLastLevel + 1) * (Second::kLastLevel + 1) - 1;

    Walk<First> first;
    /// The walk of the output's IPA; or of the stage-1 descriptor's, if `first.fault` is
    /// kStage2OnWalk. Empty if stage 1 itself faulted.
    std::optional<Walk<Second>> second;
    std::optional<Pa> output;
    /// Descriptors of both stages read, and where they lie, in order.
    unsigned reads = 0;
    std::array<Pa, kMostReads> read_at{};
};

/// Translates `input` by `First` at `first_root`, whose tables lie in the input space of `Second`
/// at `second_root`. `first_memory` and `second_memory` read the tables of either stage as the bus
/// sees them.
template <class First, class Second, class FirstMemory, class SecondMemory>
requires ReaderOf<FirstMemory, First, Pa> && ReaderOf<SecondMemory, Second, Pa> &&
    std::same_as<typename First::Output, typename Second::Input>
[[nodiscard]] constexpr NestedWalk<First, Second> nested_walk(FirstMemory& first_memory,
                                                              SecondMemory& second_memory,
                                                              typename First::Output first_root,
                                                              Pa second_root,
                                                              typename First::Input input) {
    using FirstWord = typename First::Descriptor::Word;
    NestedWalk<First, Second> nested;
    const auto second_stage = [&](Ipa address) -> std::optional<Pa> {
        nested.second = walk_with<Second>(second_root, address, [&](Pa at) {
            nested.read_at[nested.reads++] = at;
            return std::optional(read_at<Second>(second_memory, at));
        });
        return nested.second->output;
    };
    nested.first =
        walk_with<First>(first_root, input, [&](Ipa address) -> std::optional<FirstWord> {
            const std::optional<Pa> at = second_stage(address);
            if (!at) {
                return std::nullopt;
            }
            nested.read_at[nested.reads++] = *at;
            return read_at<First>(first_memory, *at);
        });
    if (nested.first.output) {
        nested.output = second_stage(*nested.first.output);
    } else if (nested.first.fault != WalkFault::kStage2OnWalk) {
        nested.second.reset();
    }
    return nested;
}

/// The same with one memory for both stages, if their descriptors have the same size.
template <class First, class Second, class Memory>
[[nodiscard]] constexpr NestedWalk<First, Second> nested_walk(Memory& memory,
                                                              typename First::Output first_root,
                                                              Pa second_root,
                                                              typename First::Input input) {
    return nested_walk<First, Second>(memory, memory, first_root, second_root, input);
}

}  // namespace hm::mmu
