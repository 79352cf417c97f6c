#include "host/model/core_model.hpp"

#include <algorithm>

namespace hm::host {
namespace {

using P = Parameter;

constexpr unsigned kLineShift = 6;
constexpr unsigned kPageShift = 12;

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

double cycles(const LoadCounts& counts, const CoreValues& values) {
    constexpr double kNsPerUs = 1000;
    const double mhz = values[P::kClockMhz];
    const double ram = values[P::kL2Cycles] + values[P::kRamNs] * mhz / kNsPerUs;
    const double walk_ram = values[P::kWalkL2Cycles] + values[P::kWalkRamNs] * mhz / kNsPerUs;
    const auto times = [&counts](std::uint64_t count, double latency) {
        return counts.per_load(count) * latency;
    };
    return times(counts.load_l1, values[P::kL1Cycles]) +
           times(counts.load_l2, values[P::kL2Cycles]) + times(counts.load_ram, ram) +
           times(counts.l1_tlb_misses, values[P::kL1TlbMissCycles]) +
           times(counts.walks, values[P::kWalkCycles]) +
           times(counts.stage2_walks, values[P::kStage2WalkCycles]) +
           times(counts.walk_l1, values[P::kWalkL1Cycles]) +
           times(counts.walk_l2, values[P::kWalkL2Cycles]) + times(counts.walk_ram, walk_ram);
}

CoreModel::CoreModel(const CoreValues& values)
    : stage1_walk_holds_pa_(values.flag(P::kStage1WalkHoldsPa)),
      ipa_holds_pages_(values.flag(P::kIpaHoldsPages)),
      walk_looks_in_l1_(values.flag(P::kWalkLooksInL1)),
      walk_prefetches_(values.flag(P::kWalkPrefetches)),
      prefetch_lines_(values.count(P::kPrefetchLines)),
      l1_(values.count(P::kL1Bytes) >> kLineShift, values.count(P::kL1Ways),
          replacement(values, P::kL1Random)),
      l2_(values.count(P::kL2Bytes) >> kLineShift, values.count(P::kL2Ways),
          replacement(values, P::kL2Random)),
      l1_tlb_(values.count(P::kL1TlbEntries), Replacement::kLeastRecentlyUsed),
      l2_tlb_(values.count(P::kL2TlbEntries), values.count(P::kL2TlbWays),
              replacement(values, P::kL2TlbRandom)),
      stage1_walk_(values.count(P::kStage1WalkEntries), Replacement::kLeastRecentlyUsed),
      stage2_walk_(values.count(P::kStage2WalkEntries), Replacement::kLeastRecentlyUsed),
      ipa_(values.count(P::kIpaEntries), Replacement::kLeastRecentlyUsed) {}

void CoreModel::load(std::uint64_t address, const PageWalk& walk) {
    constexpr std::uint64_t kInPage = (std::uint64_t{1} << kPageShift) - 1;
    ++counts_.loads;
    translate(address, walk);
    read_data((walk.pa & ~kInPage) | (address & kInPage));
}

/// The L1 TLB has entries of 4 KB only (TRM 5.2.2); one of the L2 TLB is as large as the smaller of
/// both stages' leaves.
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

void CoreModel::walk_tables(std::uint64_t address, const PageWalk& walk) {
    const StageWalk& first = walk.first;
    const unsigned from = first.reads == 0 ? 0 : first_level(stage1_walk_, address, first);
    for (unsigned level = from; level < first.reads; ++level) {
        const bool is_known = level == from && from > 0 && stage1_walk_holds_pa_;
        if (!is_known) {
            counts_.stage2_walks +=
                walk_second(walk.first_ipa[level], walk.second[level], false) ? 1 : 0;
        }
        read_descriptor(first.at[level]);
        if (level + 1 < first.reads) {
            stage1_walk_.insert(key_of(address, first.shift[level]));
        }
    }
    const bool walked = walk_second(walk.ipa, walk.second_of_page(), true);
    counts_.stage2_walks += walked && first.reads != 0 ? 1 : 0;
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
    if (walk_looks_in_l1_ && l1_.touch(line)) {
        ++counts_.walk_l1;
        return;
    }
    if (l2_.touch(line)) {
        ++counts_.walk_l2;
    } else {
        ++counts_.walk_ram;
        fill_l2(line);
        prefetch(line, walk_prefetches_ ? 1 : 0);
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
        fill_l2(line);
        prefetch(line, prefetch_lines_);
    }
    fill_l1(line);
}

void CoreModel::fill_l1(std::uint64_t line) { l1_.insert(line); }

/// What L2 gives up, L1 gives up too (TRM 7.1).
void CoreModel::fill_l2(std::uint64_t line) {
    if (const auto evicted = l2_.insert(line)) {
        l1_.remove(*evicted);
    }
}

/// Within the page of 4 KB (TRM 7.4).
void CoreModel::prefetch(std::uint64_t line, unsigned lines) {
    constexpr std::uint64_t kLinesOfPage = 64;
    for (unsigned i = 1; i <= lines && (line + i) % kLinesOfPage != 0; ++i) {
        if (!l2_.holds(line + i)) {
            fill_l2(line + i);
        }
    }
}

}  // namespace hm::host
