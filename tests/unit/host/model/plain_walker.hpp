#pragma once
// A second walker, written from the architecture manual alone (ARM DDI 0406C, B3.5 and B3.6). It
// shares no code with the builder and the walker of drivers/mmu, so that an error of theirs shows.

#include <cstdint>
#include <functional>
#include <vector>

namespace hm::host::testing {

/// The word of so many bytes at a physical address.
using ReadWord = std::function<std::uint64_t(std::uint64_t address, unsigned bytes)>;

/// One address through one stage.
struct PlainWalk {
    bool faults = false;
    std::uint64_t output = 0;
    std::vector<std::uint64_t> reads;  ///< Where the descriptors lie, as this stage sees it.
};

/// Bits `high` to `low` of `value`, at their own place.
inline std::uint64_t plain_bits(std::uint64_t value, unsigned high, unsigned low) {
    return value & (~std::uint64_t{0} >> (63 - high)) & (~std::uint64_t{0} << low);
}

/// Long descriptors (B3.6.1, figures B3-14 to B3-16): bits 1:0 are 0b00 or 0b10 if invalid, 0b01
/// for a block (reserved at level 3), 0b11 for a table, or at level 3 for a page. A table's address
/// is in bits 39:12; an output is in bits 39:30, 39:21 or 39:12. Levels 1, 2 and 3 resolve the
/// input from bit 30, 21 and 12 on, nine bits each; the first level has all bits above.
inline PlainWalk plain_long_walk(std::uint64_t root, unsigned first_level, unsigned input_bits,
                                 std::uint64_t input, const ReadWord& read) {
    PlainWalk walk;
    if (input >> input_bits != 0) {
        walk.faults = true;
        return walk;
    }
    std::uint64_t table = root;
    unsigned top = input_bits - 1;
    for (unsigned level = first_level;; ++level) {
        const unsigned low = level == 1 ? 30 : level == 2 ? 21 : 12;
        const std::uint64_t at = table + (plain_bits(input, top, low) >> low) * 8;
        walk.reads.push_back(at);
        const std::uint64_t word = read(at, 8);
        const auto type = static_cast<unsigned>(word & 3);
        const bool leaf = level == 3 ? type == 3 : type == 1;
        if (leaf) {
            walk.output = plain_bits(word, 39, low) | plain_bits(input, low - 1, 0);
            return walk;
        }
        if (level == 3 || type != 3) {
            walk.faults = true;
            return walk;
        }
        table = plain_bits(word, 39, 12);
        top = low - 1;
    }
}

/// Short descriptors with TTBCR.N = 0 (B3.5.1, figures B3-4 and B3-5; B3.5.5): level 1 is indexed
/// by VA[31:20]. Bits 1:0 are 0b00 if invalid, 0b01 for a table at bits 31:10, else a section, at
/// bits 31:20. Level 2 is indexed by VA[19:12]; bit 1 set is a small page at bits 31:12. The
/// project maps no supersections and no large pages.
inline PlainWalk plain_short_walk(std::uint64_t root, std::uint64_t input, const ReadWord& read) {
    PlainWalk walk;
    const auto take = [&walk, &read](std::uint64_t at) {
        walk.reads.push_back(at);
        return read(at, 4);
    };
    const std::uint64_t first = take(root + (plain_bits(input, 31, 20) >> 20) * 4);
    if ((first & 2) != 0) {
        walk.output = plain_bits(first, 31, 20) | plain_bits(input, 19, 0);
        return walk;
    }
    if ((first & 3) == 0) {
        walk.faults = true;
        return walk;
    }
    const std::uint64_t second =
        take(plain_bits(first, 31, 10) + (plain_bits(input, 19, 12) >> 12) * 4);
    walk.faults = (second & 2) == 0;
    walk.output = walk.faults ? 0 : plain_bits(second, 31, 12) | plain_bits(input, 11, 0);
    return walk;
}

}  // namespace hm::host::testing
