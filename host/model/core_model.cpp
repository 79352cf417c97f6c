#include "host/model/core_model.hpp"

#include <algorithm>
#include <array>

namespace hm::host {
namespace {

using P = Parameter;

constexpr unsigned kLineShift = 6;
constexpr unsigned kPageShift = 12;
constexpr std::uint64_t kLinesOfPage = std::uint64_t{1} << (kPageShift - kLineShift);

Replacement replacement(const CoreValues& values, P random) {
    return values.flag(random) ? Replacement::kRandom : Replacement::kLeastRecentlyUsed;
}

/// The part of an address that an entry of `shift` covers, told apart from entries of other sizes:
/// 28 bits of the address, of which pages of 4 KB need the most, and the last four of the shift, in
/// which 12, 20, 21 and 30 differ.
std::uint64_t key_of(std::uint64_t address, unsigned shift) {
    constexpr unsigned kSizeAt = 28;
    constexpr unsigned kSize = 0xF;
    return address >> shift | std::uint64_t{shift & kSize} << kSizeAt;
}

/// A walk cache with sets lies in the RAM of the L2 TLB (Cortex-A7, TRM 6.6.3), and is taken to
/// replace as that does.
Associative walk_cache(const CoreValues& values, P entries_of, P sets_of) {
    const unsigned entries = values.count(entries_of);
    const unsigned sets = values.count(sets_of);
    return entries == 0 || sets <= 1
               ? Associative(entries, Replacement::kLeastRecentlyUsed)
               : Associative(entries, entries / sets, replacement(values, P::kL2TlbRandom));
}

/// The first level that must be read: after the deepest one whose entry `cache` holds.
unsigned first_level(Associative& cache, std::uint64_t address, const StageWalk& walk) {
    for (unsigned level = walk.reads - 1; level > 0; --level) {
        if (cache.touch(key_of(address, walk.shift[level - 1]))) {
            return level;
        }
    }
    return 0;
}

}  // namespace

std::span<const LatencyWeight, kLatencies> latency_weights() {
    using C = const LoadCounts&;
    static constexpr std::array<LatencyWeight, kLatencies> kWeights{{
        {P::kL1Cycles, false, [](C c) { return c.load_l1; }},
        {P::kL2Cycles, false, [](C c) { return c.load_l2 + c.load_ram; }},
        {P::kRamNs, true, [](C c) { return c.load_ram; }},
        {P::kL1TlbMissCycles, false, [](C c) { return c.l1_tlb_misses; }},
        {P::kWalkCycles, false, [](C c) { return c.walks; }},
        {P::kStage2WalkCycles, false, [](C c) { return c.stage2_walks; }},
        {P::kWalkL1Cycles, false, [](C c) { return c.walk_l1; }},
        {P::kWalkL2Cycles, false, [](C c) { return c.walk_l2 + c.walk_ram; }},
        {P::kWalkRamNs, true, [](C c) { return c.walk_ram; }},
    }};
    return kWeights;
}

double cycles(const LoadCounts& counts, const CoreValues& values) {
    constexpr double kNsPerUs = 1000;
    const double per_ns = values[P::kClockMhz] / kNsPerUs;
    double sum = 0;
    for (const LatencyWeight& weight : latency_weights()) {
        const double latency = values[weight.latency] * (weight.is_ns ? per_ns : 1);
        sum += counts.per_load(weight.count(counts)) * latency;
    }
    return sum;
}

CoreModel::CoreModel(const CoreValues& values)
    : tlb_holds_ipa_(values.flag(P::kTlbHoldsIpa)),
      stage1_walk_holds_pa_(values.flag(P::kStage1WalkHoldsPa)),
      ipa_holds_pages_(values.flag(P::kIpaHoldsPages)),
      walk_looks_in_l1_(values.flag(P::kWalkLooksInL1)),
      walk_prefetch_lines_(values.count(P::kWalkPrefetchLines)),
      stage1_walk_last_only_(values.flag(P::kStage1WalkLastOnly)),
      l2_holds_l1_(values.flag(P::kL2HoldsL1)),
      prefetch_lines_(values.count(P::kPrefetchLines)),
      prefetch_after_(values.count(P::kPrefetchAfter)),
      l1_(values.count(P::kL1Bytes) >> kLineShift, values.count(P::kL1Ways),
          replacement(values, P::kL1Random)),
      l2_(values.count(P::kL2Bytes) >> kLineShift, values.count(P::kL2Ways),
          replacement(values, P::kL2Random)),
      l1_tlb_(values.count(P::kL1TlbEntries), Replacement::kLeastRecentlyUsed),
      l2_tlb_(values.count(P::kL2TlbEntries), values.count(P::kL2TlbWays),
              replacement(values, P::kL2TlbRandom)),
      stage1_walk_(walk_cache(values, P::kStage1WalkEntries, P::kStage1WalkSets)),
      stage2_walk_(values.count(P::kStage2WalkEntries), Replacement::kLeastRecentlyUsed),
      ipa_(walk_cache(values, P::kIpaEntries, P::kIpaSets)),
      walker_cache_(values.count(P::kWalkerCacheBytes) >> kLineShift,
                    values.count(P::kWalkerCacheWays), Replacement::kLeastRecentlyUsed) {}

void CoreModel::load(std::uint64_t address, const PageWalk& walk) {
    constexpr std::uint64_t kInPage = (std::uint64_t{1} << kPageShift) - 1;
    ++counts_.loads;
    if (tlb_holds_ipa_) {
        translate_stage_by_stage(address, walk);
    } else {
        translate(address, walk);
    }
    read_data((walk.pa & ~kInPage) | (address & kInPage));
}

/// The L1 TLB has entries of 4 KB only (Cortex-A15, TRM 5.2.2), which is assumed of others; one of
/// the L2 TLB is as large as the smaller of both stages' leaves.
void CoreModel::translate(std::uint64_t address, const PageWalk& walk) {
    const std::uint64_t page = address >> kPageShift;
    if (l1_tlb_.touch(page)) {
        return;
    }
    ++counts_.l1_tlb_misses;
    const unsigned first = walk.first.leaf_shift();
    const unsigned second = walk.second_of_page().leaf_shift();
    const unsigned shift = first == 0 ? second : second == 0 ? first : std::min(first, second);
    const std::uint64_t key = key_of(address, shift);
    if (!l2_tlb_.touch(key)) {
        ++counts_.walks;
        walk_tables(address, walk);
        l2_tlb_.insert(key);
    }
    l1_tlb_.insert(page);
}

/// The TLBs know stage 1 alone: only the IPA cache saves a walk of stage 2, also after a hit.
/// Without stage 1 nothing is in them.
void CoreModel::translate_stage_by_stage(std::uint64_t address, const PageWalk& walk) {
    const std::uint64_t key = key_of(address, walk.first.leaf_shift());
    if (walk.first.reads != 0 && !l1_tlb_.touch(key)) {
        ++counts_.l1_tlb_misses;
        if (!l2_tlb_.touch(key)) {
            ++counts_.walks;
            walk_first(address, walk);
            l2_tlb_.insert(key);
        }
        l1_tlb_.insert(key);
    }
    translate_page(walk);
}

void CoreModel::walk_tables(std::uint64_t address, const PageWalk& walk) {
    walk_first(address, walk);
    translate_page(walk);
}

/// From the VA to the IPA.
void CoreModel::walk_first(std::uint64_t address, const PageWalk& walk) {
    const StageWalk& first = walk.first;
    const unsigned from = first.reads == 0 ? 0 : first_level(stage1_walk_, address, first);
    for (unsigned level = from; level < first.reads; ++level) {
        const bool is_known = level == from && from > 0 && stage1_walk_holds_pa_;
        if (!is_known) {
            counts_.stage2_walks +=
                walk_second(walk.first_ipa[level], walk.second[level], false) ? 1 : 0;
        }
        read_descriptor(first.at[level]);
        const bool leads_to_last = level + 2 == first.reads;
        if (leads_to_last || (level + 1 < first.reads && !stage1_walk_last_only_)) {
            stage1_walk_.insert(key_of(address, first.shift[level]));
        }
    }
}

/// From the page's IPA to its PA.
void CoreModel::translate_page(const PageWalk& walk) {
    const bool walked = walk_second(walk.ipa, walk.second_of_page(), true);
    counts_.stage2_walks += walked && walk.first.reads != 0 ? 1 : 0;
}

bool CoreModel::walk_second(std::uint64_t ipa, const StageWalk& walk, bool of_page) {
    if (walk.reads == 0) {
        return false;  // stage 2 is off
    }
    const bool may_be_held = !of_page || ipa_holds_pages_;
    const std::uint64_t key = key_of(ipa, walk.leaf_shift());
    if (may_be_held && ipa_.touch(key)) {
        return false;
    }
    for (unsigned level = first_level(stage2_walk_, ipa, walk); level < walk.reads; ++level) {
        read_descriptor(walk.at[level]);
        if (level + 1 < walk.reads) {
            stage2_walk_.insert(key_of(ipa, walk.shift[level]));
        }
    }
    if (may_be_held) {
        ipa_.insert(key);
    }
    return true;
}

void CoreModel::read_descriptor(std::uint64_t pa) {
    const std::uint64_t line = pa >> kLineShift;
    if (walker_cache_.touch(line)) {
        ++counts_.walk_l1;
        return;
    }
    walker_cache_.insert(line);
    if (walk_looks_in_l1_ && l1_.touch(line)) {
        ++counts_.walk_l1;
        return;
    }
    if (l2_.touch(line)) {
        ++counts_.walk_l2;
    } else {
        ++counts_.walk_ram;
        if (l2_holds_l1_ || !walk_looks_in_l1_) {
            fill_l2(line);
        }
        prefetch(line, walk_prefetch_lines_);
    }
    if (walk_looks_in_l1_) {
        fill_l1(line);
    }
}

void CoreModel::read_data(std::uint64_t pa) {
    const std::uint64_t line = pa >> kLineShift;
    if (l1_.touch(line)) {
        ++counts_.load_l1;
        return;
    }
    if (l2_.touch(line)) {
        ++counts_.load_l2;
    } else {
        ++counts_.load_ram;
        if (l2_holds_l1_) {
            fill_l2(line);
        }
        if (prefetch_after_ == 0) {
            prefetch(line, prefetch_lines_);
        }
    }
    fill_l1(line);
    if (prefetch_after_ != 0) {
        watch_stride(line);
    }
}

/// What L1 gives up, an L2 that does not hold it takes.
void CoreModel::fill_l1(std::uint64_t line) {
    const auto evicted = l1_.insert(line);
    if (evicted && !l2_holds_l1_ && !l2_.touch(*evicted)) {
        fill_l2(*evicted);
    }
}

/// What an L2 gives up that holds all of L1, L1 gives up too (Cortex-A15, TRM 7.1).
void CoreModel::fill_l2(std::uint64_t line) {
    const auto evicted = l2_.insert(line);
    if (evicted && l2_holds_l1_) {
        l1_.remove(*evicted);
    }
}

/// Into L2, within the page of 4 KB (Cortex-A15, TRM 7.4).
void CoreModel::prefetch(std::uint64_t line, unsigned lines) {
    for (unsigned i = 1; i <= lines && (line + i) % kLinesOfPage != 0; ++i) {
        if (!l2_.holds(line + i)) {
            fill_l2(line + i);
        }
    }
}

/// Misses at a stride of up to four lines bring the next ones into L1 (Cortex-A7, TRM 6.5.2). What
/// was brought counts as if it had missed, so that a stream goes on; it is taken to end with the
/// page.
void CoreModel::watch_stride(std::uint64_t line) {
    constexpr std::int64_t kMostLines = 4;
    const auto step = static_cast<std::int64_t>(line - stride_.last);
    const bool goes_on = step == stride_.step;
    const bool may_begin = step != 0 && step >= -kMostLines && step <= kMostLines;
    stride_ = {line, may_begin ? step : 0, goes_on && may_begin ? stride_.misses + 1 : 2};
    if (!may_begin || stride_.misses < prefetch_after_) {
        return;
    }
    for (unsigned i = 0; i < prefetch_lines_; ++i) {
        const std::uint64_t next = stride_.last + static_cast<std::uint64_t>(step);
        if (next / kLinesOfPage != line / kLinesOfPage) {
            return;
        }
        stride_.last = next;
        if (l1_.holds(next)) {
            continue;
        }
        if (!l2_.touch(next) && l2_holds_l1_) {
            fill_l2(next);
        }
        fill_l1(next);
    }
}

}  // namespace hm::host
