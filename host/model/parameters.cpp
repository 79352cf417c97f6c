#include "host/model/parameters.hpp"

#include <fmt/format.h>

namespace hm::host {
namespace {

using Kind = ParameterKind;
using P = Parameter;

constexpr Bounds kFlag{0, 1};

constexpr ParameterInfo entry(Parameter parameter, std::string_view name, std::string_view meaning,
                              std::string_view unit, Kind kind, Bounds valid) {
    const bool shapes = parameter != P::kClockMhz && parameter < P::kL1Cycles;
    return {parameter, name, meaning, unit, kind, shapes, valid};
}

constexpr std::array<ParameterInfo, kParameters> kInfos{{
    entry(P::kClockMhz, "clock_mhz", "the core's clock", "MHz", Kind::kNumber, {1, 10000}),
    entry(P::kL1Bytes, "l1_bytes", "L1 data cache", "bytes", Kind::kPower, {1024, 1048576}),
    entry(P::kL1Ways, "l1_ways", "ways of it", "", Kind::kPower, {1, 64}),
    entry(P::kL1Random, "l1_random", "it replaces at random, not the least recently used", "",
          Kind::kFlag, kFlag),
    entry(P::kL2Bytes, "l2_bytes", "L2 cache", "bytes", Kind::kPower, {65536, 16777216}),
    entry(P::kL2Ways, "l2_ways", "ways of it", "", Kind::kPower, {1, 64}),
    entry(P::kL2Random, "l2_random", "it replaces at random, not the least recently used", "",
          Kind::kFlag, kFlag),
    entry(P::kL2HoldsL1, "l2_holds_l1",
          "it holds all that L1 holds; if not, a line comes to it when L1 gives it up", "",
          Kind::kFlag, kFlag),
    entry(P::kPrefetchLines, "prefetch_lines", "next lines of its page that a load from RAM brings",
          "", Kind::kNumber, {0, 63}),
    entry(P::kPrefetchAfter, "prefetch_after",
          "misses of L1 at one stride of up to four lines, after which it brings them into L1; 0: "
          "any miss of L2 brings them into L2",
          "", Kind::kNumber, {0, 16}),
    entry(P::kL1TlbEntries, "l1_tlb_entries", "L1 TLB (micro TLB) for loads, of 4 KB each", "",
          Kind::kNumber, {1, 1024}),
    entry(P::kL2TlbEntries, "l2_tlb_entries", "L2 TLB (main TLB)", "", Kind::kPower, {1, 65536}),
    entry(P::kL2TlbWays, "l2_tlb_ways", "ways of it", "", Kind::kPower, {1, 65536}),
    entry(P::kL2TlbRandom, "l2_tlb_random",
          "it replaces at random, not the least recently used; so do walk and IPA caches that have "
          "sets",
          "", Kind::kFlag, kFlag),
    entry(
        P::kTlbHoldsIpa, "tlb_holds_ipa",
        "both TLBs hold only what stage 1 says, a whole leaf an entry; each load asks stage 2 too",
        "", Kind::kFlag, kFlag),
    entry(P::kStage1WalkEntries, "stage1_walk_entries",
          "walk cache of stage 1: entries that lead to tables", "", Kind::kNumber, {0, 64}),
    entry(P::kStage1WalkSets, "stage1_walk_sets", "sets of it; 1: any entry may be anywhere", "",
          Kind::kPower, {1, 64}),
    entry(P::kStage1WalkLastOnly, "stage1_walk_last_only",
          "it holds only what leads to tables of the last level", "", Kind::kFlag, kFlag),
    entry(P::kStage1WalkHoldsPa, "stage1_walk_holds_pa",
          "it holds physical addresses, which stage 2 need not translate again", "", Kind::kFlag,
          kFlag),
    entry(P::kStage2WalkEntries, "stage2_walk_entries",
          "walk cache of stage 2: entries that lead to tables", "", Kind::kNumber, {0, 64}),
    entry(P::kIpaEntries, "ipa_entries", "IPA cache: whole translations of stage 2", "",
          Kind::kNumber, {0, 65536}),
    entry(P::kIpaSets, "ipa_sets", "sets of it; 1: any entry may be anywhere", "", Kind::kPower,
          {1, 64}),
    entry(P::kIpaHoldsPages, "ipa_holds_pages",
          "it also holds the pages that are loaded from, not only those of stage-1 tables", "",
          Kind::kFlag, kFlag),
    entry(P::kWalkLooksInL1, "walk_looks_in_l1", "walks look into the L1 data cache first", "",
          Kind::kFlag, kFlag),
    entry(P::kWalkPrefetchLines, "walk_prefetch_lines",
          "next lines of its page that a descriptor from RAM brings", "", Kind::kNumber, {0, 63}),
    entry(P::kWalkerCacheBytes, "walker_cache_bytes",
          "a cache of the walker's own before L2, for descriptors of both stages", "bytes",
          Kind::kNumber, {0, 1048576}),
    entry(P::kWalkerCacheWays, "walker_cache_ways", "ways of it", "", Kind::kPower, {1, 64}),
    entry(P::kL1Cycles, "l1_cycles", "a load from L1", "cycles", Kind::kNumber, {1, 1000}),
    entry(P::kL2Cycles, "l2_cycles", "a load from L2", "cycles", Kind::kNumber, {1, 1000}),
    entry(P::kRamNs, "ram_ns", "what a load from RAM takes beyond that", "ns", Kind::kNumber,
          {1, 10000}),
    entry(P::kL1TlbMissCycles, "l1_tlb_miss_cycles", "a miss of the L1 TLB", "cycles",
          Kind::kNumber, {0, 1000}),
    entry(P::kWalkCycles, "walk_cycles", "a walk, without its reads", "cycles", Kind::kNumber,
          {0, 1000}),
    entry(P::kStage2WalkCycles, "stage2_walk_cycles",
          "each walk of stage 2 within a walk, without its reads", "cycles", Kind::kNumber,
          {0, 1000}),
    entry(P::kWalkL1Cycles, "walk_l1_cycles",
          "a descriptor from L1, or from the walker's own cache", "cycles", Kind::kNumber,
          {0, 1000}),
    entry(P::kWalkL2Cycles, "walk_l2_cycles", "a descriptor from L2", "cycles", Kind::kNumber,
          {0, 1000}),
    entry(P::kWalkRamNs, "walk_ram_ns", "what a descriptor from RAM takes beyond that", "ns",
          Kind::kNumber, {1, 10000}),
}};

static_assert([] {
    for (std::size_t i = 0; i < kParameters; ++i) {
        if (static_cast<std::size_t>(kInfos[i].parameter) != i) {
            return false;
        }
    }
    return true;
}());

std::string value_text(const ParameterInfo& info, double value) {
    return info.kind == ParameterKind::kFlag ? (value != 0 ? "yes" : "no")
                                             : fmt::format("{:g}", value);
}

}  // namespace

std::span<const ParameterInfo, kParameters> parameter_infos() { return kInfos; }

const ParameterInfo& info_of(Parameter parameter) {
    return kInfos[static_cast<std::size_t>(parameter)];
}

bool is_open(const ParameterInfo& info, const Bounds& bounds) {
    return !info.shapes && bounds == info.valid;
}

std::string bounds_text(const ParameterInfo& info, const Bounds& bounds) {
    if (is_open(info, bounds)) {
        return "not known";
    }
    std::string text = value_text(info, bounds.low);
    if (!bounds.is_known()) {
        text += (info.kind == ParameterKind::kFlag ? " or " : "..") + value_text(info, bounds.high);
    }
    return info.unit.empty() ? text : fmt::format("{} {}", text, info.unit);
}

}  // namespace hm::host
