#pragma once
// The pointer chase: dependent loads along one cycle through all pages, one line a page.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

enum class ChaseOrder : std::uint32_t { kSequential = 0, kRandom = 1 };

/// Loads between two decrements of the loop counter; a chain has a multiple of it.
inline constexpr std::uint32_t kChaseUnroll = 16;

inline constexpr std::uint32_t kLineBytes = 64;

/// One link of the chain, at the beginning of a cache line.
struct Link {
    Link* next;
};

/// The pages of a chase as links. Page i uses line i x 5 mod 64 of its page, so that all cache sets
/// are used evenly, whatever the number of pages.
class ChasePages {
  public:
    ChasePages(std::byte* base, std::uint32_t pages) : base_(base), pages_(pages) {}

    [[nodiscard]] std::uint32_t pages() const { return pages_; }
    [[nodiscard]] Link* link(std::uint32_t page) const {
        constexpr std::uint32_t kLines = kPageBytes / kLineBytes;
        const std::uint32_t line = page * 5 % kLines;
        void* const place = base_ + std::size_t{page} * kPageBytes + std::size_t{line} * kLineBytes;
        return static_cast<Link*>(place);
    }

  private:
    std::byte* base_;
    std::uint32_t pages_;
};

/// Links the pages into one cycle: in order of address, or in a random order (Sattolo's algorithm,
/// which gives a single cycle; fixed seed, so that every run walks the same way).
inline void build_chain(const ChasePages& chase, ChaseOrder order) {
    const std::uint32_t pages = chase.pages();
    if (order == ChaseOrder::kSequential) {
        for (std::uint32_t i = 0; i < pages; ++i) {
            chase.link(i)->next = chase.link(i + 1 < pages ? i + 1 : 0);
        }
        return;
    }
    for (std::uint32_t i = 0; i < pages; ++i) {
        chase.link(i)->next = chase.link(i);
    }
    std::uint32_t random = 0x9E3779B9;
    for (std::uint32_t i = pages - 1; i > 0; --i) {
        random ^= random << 13;  // xorshift32 (Marsaglia, "Xorshift RNGs", 2003)
        random ^= random >> 17;
        random ^= random << 5;
        const auto other = static_cast<std::uint32_t>((std::uint64_t{random} * i) >> 32);
        Link* const swapped = chase.link(i)->next;
        chase.link(i)->next = chase.link(other)->next;
        chase.link(other)->next = swapped;
    }
}

/// Whether a walk loads, or only turns its loop: what is not the chase in a lap.
enum class Loads : std::uint8_t { kAll, kNone };

/// Follows `turns` x kChaseUnroll links.
template <Loads kLoads, Machine M>
[[gnu::always_inline]] inline Link* walk(M& machine, Link* at, std::uint32_t turns) {
#pragma GCC unroll 1
    for (; turns != 0; --turns) {
        if constexpr (kLoads == Loads::kAll) {
            at = at->next->next->next->next->next->next->next->next;
            at = at->next->next->next->next->next->next->next->next;
        }
        at = static_cast<Link*>(machine.opaque(at));
    }
    return at;
}

/// The ticks of one walk, clock included. A function of its own, so that what surrounds the loop is
/// the same with and without loads.
template <Loads kLoads, Machine M>
[[nodiscard, gnu::noinline]] std::uint32_t time_walk(M& machine, Link*& at, std::uint32_t turns) {
    const std::uint32_t start = machine.ticks();
    at = walk<kLoads>(machine, at, turns);
    return machine.ticks() - start;
}

/// One sample a lap, after one lap that warms caches and TLBs; the cost of the loop without loads
/// is subtracted and returned.
template <Machine M>
std::uint32_t chase_loop(M& machine, const ChasePages& chase, std::uint32_t laps,
                         SampleLog<measure::Sample>& log) {
    const std::uint32_t turns = chase.pages() / kChaseUnroll;
    Link* at = walk<Loads::kAll>(machine, chase.link(0), turns);
    std::uint32_t overhead = UINT32_MAX;
    for (int i = 0; i < 3; ++i) {
        const std::uint32_t cost = time_walk<Loads::kNone>(machine, at, turns);
        overhead = cost < overhead ? cost : overhead;
    }
    for (std::uint32_t lap = 0; lap < laps; ++lap) {
        const Instructions before = machine.instructions();
        const std::uint32_t ticks = time_walk<Loads::kAll>(machine, at, turns);
        const Instructions after = machine.instructions();
        log.add({.ticks = ticks - overhead,
                 .prepare_ticks = 0,
                 .all_instructions = after.all - before.all,
                 .guest_instructions = after.guest - before.guest,
                 .kind = 0});
        machine.checkpoint(lap + 1, laps);
    }
    return overhead;
}

}  // namespace hm::guest
