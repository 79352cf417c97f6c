#pragma once
// The translation-table walk in software: what the CPU's own walker would find, which descriptors
// it would read on the way, and why it would fault. For tests, and to predict what a TLB miss
// costs.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>

#include "drivers/mmu/descriptor.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/mmu/memory.hpp"

namespace hm::mmu {

/// Why a walk ends without an output; `level` of the walk says where (ARM DDI 0406C, B3.12).
enum class WalkFault : std::uint8_t {
    kNone,
    /// An invalid or reserved entry. An input beyond the translated space faults so at level 1,
    /// before anything is read.
    kTranslation,
    kAccessFlag,
    /// Stage 2 refused the IPA of a stage-1 descriptor (nested walks alone).
    kStage2OnWalk,
};

/// What one stage makes of an input. `output`, `attributes` and `size` hold where `fault` is kNone.
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
    std::array<Output, kLastLevel> read_at{};
};

/// Walks `Format`'s tables at `root`. `read(address)` gives the descriptor at that address, or
/// nothing where the address itself does not translate.
template <class Format, class Read>
[[nodiscard]] constexpr Walk<Format> walk_with(typename Format::Output root,
                                               typename Format::Input input, Read&& read) {
    constexpr Geometry geometry = Format::kGeometry;
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
        const Size span = size_at(walk.level);
        const std::uint64_t index = (input.value >> shift(span)) & (entries - 1);
        const Output address = table + index * kDescriptorBytes;
        const std::optional<std::uint64_t> word = read(address);
        if (!word) {
            walk.fault = WalkFault::kStage2OnWalk;
            return walk;
        }
        walk.read_at[walk.reads++] = address;
        const Descriptor entry = Descriptor::from(*word);
        if (entry.is_table(walk.level)) {
            table = entry.address<Output>();
            entries = kEntriesPerTable;
            continue;
        }
        if (!entry.is_leaf(walk.level)) {
            walk.fault = WalkFault::kTranslation;
        } else if (!entry.get(Descriptor::kAccessFlag)) {
            walk.fault = WalkFault::kAccessFlag;
        } else {
            walk.size = span;
            walk.attributes = decode<typename Format::Attributes>(entry);
            walk.output =
                align_down(entry.address<Output>(), span) + (input - align_down(input, span));
        }
        return walk;
    }
}

/// Reads the descriptor at `address`, which is a multiple of 8.
template <class Table, class Memory>
requires TableReader<Memory, Table>
[[nodiscard]] constexpr std::uint64_t read_at(Memory& memory, Table address) {
    const Table frame = align_down(address, Size::k4K);
    return memory.read(frame, static_cast<unsigned>((address - frame) / kDescriptorBytes));
}

/// The walk of one stage on its own.
template <class Format, class Memory>
requires TableReader<Memory, typename Format::Output>
[[nodiscard]] constexpr Walk<Format> walk(Memory& memory, typename Format::Output root,
                                          typename Format::Input input) {
    return walk_with<Format>(root, input, [&memory](typename Format::Output address) {
        return std::optional(read_at(memory, address));
    });
}

/// Both stages: each stage-1 descriptor's IPA, and then the output's, goes through stage 2.
template <class First, class Second>
struct NestedWalk {
    /// n stage-1 levels, each with a walk of m stage-2 levels before it, and m for the output.
    static constexpr unsigned kMostReads = (kLastLevel + 1) * (kLastLevel + 1) - 1;

    Walk<First> first;
    /// Of the output's IPA; or of the stage-1 descriptor's, where `first.fault` is kStage2OnWalk.
    /// Empty where stage 1 faulted by itself.
    std::optional<Walk<Second>> second;
    std::optional<Pa> output;
    /// Descriptors of both stages read, and where they lie, in order.
    unsigned reads = 0;
    std::array<Pa, kMostReads> read_at{};
};

/// Translates `input` by `First` at `first_root`, whose tables lie in the input space of `Second`
/// at `second_root`. `memory` holds the tables of both as the bus sees them.
template <class First, class Second, class Memory>
requires TableReader<Memory, Pa> && std::same_as<typename First::Output, typename Second::Input>
[[nodiscard]] constexpr NestedWalk<First, Second> nested_walk(Memory& memory,
                                                              typename First::Output first_root,
                                                              Pa second_root,
                                                              typename First::Input input) {
    NestedWalk<First, Second> nested;
    const auto read = [&](Pa address) {
        nested.read_at[nested.reads++] = address;
        return std::optional(read_at(memory, address));
    };
    const auto second_stage = [&](Ipa address) -> std::optional<Pa> {
        nested.second = walk_with<Second>(second_root, address, read);
        return nested.second->output;
    };
    nested.first =
        walk_with<First>(first_root, input, [&](Ipa address) -> std::optional<std::uint64_t> {
            const std::optional<Pa> descriptor = second_stage(address);
            return descriptor ? read(*descriptor) : std::nullopt;
        });
    if (nested.first.output) {
        nested.output = second_stage(*nested.first.output);
    } else if (nested.first.fault != WalkFault::kStage2OnWalk) {
        nested.second.reset();
    }
    return nested;
}

}  // namespace hm::mmu
