#pragma once
// Where the lines of a chase lie: in its memory, as its order has it, and in physical memory.

#include <cstdint>

#include "measure/plan.hpp"
#include "measure/setting.hpp"

namespace hm::measure::chase {

inline constexpr std::uint32_t kLineBytes = 64;
inline constexpr std::uint32_t kLinesPerPage = kPageBytes / kLineBytes;

/// The memory that a chase goes through. `stride` is a multiple of a cache line. The orders that go
/// by pages have their own strides; for them `bytes` is whole pages.
struct Shape {
    ChaseOrder order;
    std::uint32_t bytes;
    std::uint32_t stride;
};

/// Bytes from one line to the next in memory; for kPageRandom, from one page to the next.
[[nodiscard]] constexpr std::uint32_t step_of(const Shape& shape) {
    switch (shape.order) {
        case ChaseOrder::kPageRandom:
            return kPageBytes;
        case ChaseOrder::kPageDense:
        case ChaseOrder::kThrash:
            return kLineBytes;
        default:
            return shape.stride;
    }
}

/// Loads of one lap.
[[nodiscard]] constexpr std::uint32_t lines_of(const Shape& shape) {
    return shape.bytes / step_of(shape);
}

/// The line of page `i` that a page-random chase loads. A cache of 4 KB a way or less has a set for
/// each line of a page; a larger way takes the lowest bits of the page's number too. The L1 data
/// cache of a Cortex-A15 has 256 sets and its L2 cache of 1 MB has 1,024 (Cortex-A15 TRM, 6.1
/// and 7.1), so that four pages and sixteen pages are a way. Sixteen neighbouring pages therefore
/// use four different lines, one for each four of them, and the next sixteen pages the lines after
/// these. Wherever physical memory begins, all sets of both caches are used equally often, or some
/// of them once more.
[[nodiscard]] constexpr std::uint32_t line_of_page(std::uint32_t i) {
    constexpr std::uint32_t kPagesOfL1Way = 4;
    constexpr std::uint32_t kPagesOfL2Way = 16;
    return (i / kPagesOfL2Way + i / kPagesOfL1Way % kPagesOfL1Way * kPagesOfL2Way) % kLinesPerPage;
}

/// Where line `i` lies, from the beginning of the chase's memory. Lines are numbered by address.
[[nodiscard]] constexpr std::uint32_t offset_of_line(const Shape& shape, std::uint32_t i) {
    const std::uint32_t line = shape.order == ChaseOrder::kPageRandom ? line_of_page(i) : 0;
    return i * step_of(shape) + line * kLineBytes;
}

/// Where page `page` of `pages` lies if pages are scattered: its place among them, in one fixed
/// random permutation. It is computed, not kept: four rounds of a Feistel network permute a power
/// of four, and are repeated until they give the number of a page (Black and Rogaway, "Ciphers with
/// Arbitrary Finite Domains", 2002, "cycle walking"). `page` is less than `pages`, and these are
/// fewer than 2^30.
[[nodiscard]] constexpr std::uint32_t scattered_page(std::uint32_t page, std::uint32_t pages) {
    constexpr std::uint32_t kSeed = 0x5CA7'7E2D;
    constexpr std::uint32_t kRounds = 4;
    std::uint32_t half = 1;
    while ((std::uint32_t{1} << 2 * half) < pages) {
        ++half;
    }
    const std::uint32_t mask = (std::uint32_t{1} << half) - 1;
    do {
        std::uint32_t left = page >> half;
        std::uint32_t right = page & mask;
        for (std::uint32_t round = 0; round < kRounds; ++round) {
            // The last steps of MurmurHash3's 32-bit finalizer (Appleby, 2010).
            std::uint32_t mixed = right + (round + 1) * kSeed;
            mixed = (mixed ^ mixed >> 16) * 0x85EB'CA6B;
            mixed = (mixed ^ mixed >> 13) * 0xC2B2'AE35;
            const std::uint32_t next = left ^ ((mixed ^ mixed >> 16) & mask);
            left = right;
            right = next;
        }
        page = left << half | right;
    } while (page >= pages);
    return page;
}

/// Where line `i` lies in physical memory, from the beginning of the chase's.
[[nodiscard]] constexpr std::uint32_t physical_offset(const Shape& shape, Placement placement,
                                                      std::uint32_t i) {
    const std::uint32_t offset = offset_of_line(shape, i);
    if (placement == Placement::kContiguous) {
        return offset;
    }
    const std::uint32_t pages = (shape.bytes + kPageBytes - 1) / kPageBytes;
    return scattered_page(offset / kPageBytes, pages) * kPageBytes + offset % kPageBytes;
}

}  // namespace hm::measure::chase
