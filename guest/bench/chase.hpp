#pragma once
// The pointer chase: dependent loads along one cycle through memory, one load per cache line.

#include <cstdint>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/workload/chase.hpp"
#include "measure/workload/chase_places.hpp"

namespace hm::guest {

/// Loads between two decrements of the loop counter; a chain has a multiple of it.
inline constexpr std::uint32_t kChaseUnroll = 8;

inline constexpr std::uint32_t kLineBytes = measure::chase::kLineBytes;
inline constexpr std::uint32_t kLinesOfPage = measure::chase::kLinesPerPage;

/// One link of the chain, at the beginning of a cache line.
struct Link {
    Link* next;
};
inline constexpr std::uint32_t kLinksOfLine = kLineBytes / sizeof(Link);

using ChaseShape = measure::chase::Shape;
using measure::chase::lines_of;
using measure::chase::step_of;

/// The lines of a chase as links, in order of address.
class ChaseLines {
  public:
    ChaseLines(std::byte* base, const ChaseShape& shape)
        : base_(base), order_(shape.order), step_(step_of(shape)), count_(lines_of(shape)) {}

    [[nodiscard]] measure::ChaseOrder order() const { return order_; }
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] Link* link(std::uint32_t i) const {
        const bool one_per_page = order_ == measure::ChaseOrder::kPageRandom;
        const std::uint32_t line = one_per_page ? measure::chase::line_of_page(i) : 0;
        void* const place = base_ + std::size_t{i} * step_ + std::size_t{line} * kLineBytes;
        return static_cast<Link*>(place);
    }

  private:
    std::byte* base_;
    measure::ChaseOrder order_;
    std::uint32_t step_;
    std::uint32_t count_;
};

/// xorshift32 (Marsaglia, "Xorshift RNGs", 2003) with a fixed seed, so that every run takes the
/// same path.
class Random {
  public:
    /// A number below `limit`.
    std::uint32_t below(std::uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return static_cast<std::uint32_t>((std::uint64_t{state_} * limit) >> 32);
    }

  private:
    std::uint32_t state_ = 0x9E3779B9;
};

/// Links `count` lines, `step` apart from line `first` on, into one cycle in random order
/// (Sattolo's algorithm, which gives a single cycle).
inline void link_at_random(const ChaseLines& lines, std::uint32_t first, std::uint32_t step,
                           std::uint32_t count, Random& random) {
    const auto link = [&](std::uint32_t i) { return lines.link(first + i * step); };
    for (std::uint32_t i = 0; i < count; ++i) {
        link(i)->next = link(i);
    }
    for (std::uint32_t i = count - 1; i > 0; --i) {
        Link* const one = link(i);
        Link* const other = link(random.below(i));
        Link* const swapped = one->next;
        one->next = other->next;
        other->next = swapped;
    }
}

/// Links whole pages into one cycle that goes through all lines of a page before it goes to another
/// page. A page is entered at its first line. First these lines are linked into a cycle of pages;
/// then each page's own cycle is opened before its first line, to continue with the next page.
inline void link_page_by_page(const ChaseLines& lines, Random& random) {
    link_at_random(lines, 0, kLinesOfPage, lines.count() / kLinesOfPage, random);
    for (std::uint32_t page = 0; page < lines.count(); page += kLinesOfPage) {
        Link* const entry = lines.link(page);
        Link* const next_page = entry->next;
        link_at_random(lines, page, 1, kLinesOfPage, random);
        Link* last = entry;
        while (last->next != entry) {
            last = last->next;
        }
        last->next = next_page;
    }
}

/// The place of pass `pass` in a page: the six bits of its number from the last to the first.
[[nodiscard]] constexpr std::uint32_t line_of_pass(std::uint32_t pass) {
    static_assert(kLinesOfPage == 64);
    std::uint32_t line = 0;
    for (std::uint32_t bit = 1; bit < kLinesOfPage; bit *= 2) {
        line = line * 2 + (pass & 1);
        pass /= 2;
    }
    return line;
}

/// Links whole pages into one cycle that goes through all pages in one random order, one line of
/// each, and then through them again, by other lines. First the first lines are linked into a cycle
/// of pages, which the other passes follow; then the first pass is opened before its first page
/// too.
inline void link_pass_by_pass(const ChaseLines& lines, Random& random) {
    link_at_random(lines, 0, kLinesOfPage, lines.count() / kLinesOfPage, random);
    Link* const first = lines.link(0);
    const auto entry_of = [&](std::uint32_t pass) {
        return lines.link(line_of_pass(pass % kLinesOfPage));
    };
    const auto in_page = [](Link* page, std::uint32_t line) { return page + line * kLinksOfLine; };
    for (std::uint32_t pass = kLinesOfPage; pass-- > 0;) {
        const std::uint32_t line = line_of_pass(pass);
        for (std::uint32_t page = 0; page < lines.count(); page += kLinesOfPage) {
            Link* const next_page = lines.link(page)->next;
            lines.link(page + line)->next =
                next_page == first ? entry_of(pass + 1) : in_page(next_page, line);
        }
    }
}

/// Links all lines into one cycle, in their order.
inline void build_chain(const ChaseLines& lines) {
    const std::uint32_t count = lines.count();
    Random random;
    switch (lines.order()) {
        case measure::ChaseOrder::kSequential:
            for (std::uint32_t i = 0; i < count; ++i) {
                lines.link(i)->next = lines.link(i + 1 < count ? i + 1 : 0);
            }
            return;
        case measure::ChaseOrder::kRandom:
        case measure::ChaseOrder::kPageRandom:
            link_at_random(lines, 0, 1, count, random);
            return;
        case measure::ChaseOrder::kPageDense:
            link_page_by_page(lines, random);
            return;
        case measure::ChaseOrder::kThrash:
            link_pass_by_pass(lines, random);
    }
}

/// Whether a walk loads, or only runs its empty loop: the part of a lap that is not the chase.
enum class Loads : std::uint8_t { kAll, kNone };

/// Follows `turns` x kChaseUnroll links.
template <Loads kLoads, Machine M>
[[gnu::always_inline]] inline Link* walk(M& machine, Link* at, std::uint32_t turns) {
#pragma GCC unroll 1
    for (; turns != 0; --turns) {
        if constexpr (kLoads == Loads::kAll) {
            at = at->next->next->next->next->next->next->next->next;
        }
        at = static_cast<Link*>(machine.opaque(at));
    }
    return at;
}

/// The ticks of one walk, reading the clock included. A separate function, so that the code around
/// the loop is the same with and without loads. Arguments are by value, so that only the chain is
/// loaded.
template <Loads kLoads, Machine M>
[[nodiscard, gnu::noinline]] std::uint32_t time_walk(M& machine, Link* first, std::uint32_t turns) {
    const std::uint32_t start = machine.ticks();
    walk<kLoads>(machine, first, turns);
    return machine.ticks() - start;
}

struct ChaseTally {
    std::uint32_t overhead;                    ///< ticks that were subtracted from each sample
    std::uint32_t events[measure::kEvents]{};  ///< only in the timed laps
};

/// One sample per lap. One lap before them warms the caches, and the TLBs unless they are flushed
/// before each lap. The cost of the loop without loads is subtracted.
template <Machine M>
ChaseTally chase_loop(M& machine, const ChaseLines& lines, std::uint32_t laps,
                      measure::TlbState tlb, SampleLog<measure::Sample>& log) {
    const std::uint32_t turns = lines.count() / kChaseUnroll;
    Link* const first = lines.link(0);
    walk<Loads::kAll>(machine, first, turns);
    ChaseTally tally{.overhead = UINT32_MAX};
    for (int i = 0; i < 3; ++i) {
        const std::uint32_t cost = time_walk<Loads::kNone>(machine, first, turns);
        tally.overhead = cost < tally.overhead ? cost : tally.overhead;
    }
    for (std::uint32_t lap = 0; lap < laps; ++lap) {
        if (tlb == measure::TlbState::kFlushed) {
            machine.flush_tlb();
        }
        const Events events_before = machine.events();
        const Instructions before = machine.instructions();
        const std::uint32_t ticks = time_walk<Loads::kAll>(machine, first, turns);
        const Instructions after = machine.instructions();
        const Events events_after = machine.events();
        for (std::uint32_t event = 0; event < measure::kEvents; ++event) {
            tally.events[event] += events_after.count[event] - events_before.count[event];
        }
        log.add({.ticks = ticks - tally.overhead,
                 .all_instructions = after.all - before.all,
                 .guest_instructions = after.guest - before.guest,
                 .kind = 0});
        machine.checkpoint(lap + 1, laps);
    }
    return tally;
}

}  // namespace hm::guest
