#include "host/model/parameters.hpp"

#include <fmt/format.h>

namespace hm::host {
namespace {

using Kind = ParameterKind;
using P = Parameter;

// The TRM is that of Cortex-A15 MPCore (ARM DDI 0438). 7-cpu.com measured an Exynos 5250 at 1.7 GHz
// with pages of 4 KB under Linux (https://7-cpu.com/cpu/Cortex-A15.html).
constexpr std::string_view kNotPublished =
    "size not published (TRM 5.1 names walk caches): none, or up to the 64 of Cortex-A53 (ARM DDI "
    "0500, 5.1)";
constexpr Bounds kFlag{0, 1};

constexpr ParameterInfo entry(Parameter parameter, std::string_view name, std::string_view meaning,
                              std::string_view unit, Kind kind, Bounds usual, Bounds valid,
                              std::string_view source) {
    const bool shapes = parameter != P::kClockMhz && parameter < P::kL1Cycles;
    return {parameter, name, meaning, unit, kind, shapes, usual, valid, source};
}

constexpr std::array<ParameterInfo, kParameters> kInfos{{
    entry(P::kClockMhz, "clock_mhz", "the core's clock", "MHz", Kind::kNumber, {1700, 1700},
          {1, 10000}, "7-cpu.com: 1.7 GHz; on a board the run's own clock is used"),
    entry(P::kL1Bytes, "l1_bytes", "L1 data cache", "bytes", Kind::kPower, {32768, 32768},
          {1024, 1048576}, "TRM 6.1: 32 KB"),
    entry(P::kL1Ways, "l1_ways", "ways of it", "", Kind::kPower, {2, 2}, {1, 64}, "TRM 6.1"),
    entry(P::kL1Random, "l1_random", "it replaces at random, not the least recently used", "",
          Kind::kFlag, {0, 0}, kFlag, "7-cpu.com: LRU"),
    entry(P::kL2Bytes, "l2_bytes", "L2 cache, which holds all that L1 holds", "bytes", Kind::kPower,
          {1048576, 1048576}, {65536, 16777216}, "7-cpu.com: 1 MB; inclusive: TRM 7.1"),
    entry(P::kL2Ways, "l2_ways", "ways of it", "", Kind::kPower, {16, 16}, {1, 64}, "TRM 7.1"),
    entry(P::kL2Random, "l2_random", "it replaces at random, not the least recently used", "",
          Kind::kFlag, {1, 1}, kFlag, "TRM 7.1: random"),
    entry(P::kPrefetchLines, "prefetch_lines", "next lines of its page that a load from RAM brings",
          "", Kind::kNumber, {0, 8}, {0, 63},
          "TRM 7.4: 0, 2, 4 or 8; when it begins to prefetch is not published"),
    entry(P::kL1TlbEntries, "l1_tlb_entries", "L1 TLB for loads, of 4 KB each", "", Kind::kNumber,
          {32, 32}, {1, 1024}, "TRM 5.2.2"),
    entry(P::kL2TlbEntries, "l2_tlb_entries", "L2 TLB", "", Kind::kPower, {512, 512}, {1, 65536},
          "TRM 5.2.3"),
    entry(P::kL2TlbWays, "l2_tlb_ways", "ways of it", "", Kind::kPower, {4, 4}, {1, 64},
          "TRM 5.2.3"),
    entry(P::kL2TlbRandom, "l2_tlb_random", "it replaces at random, not the least recently used",
          "", Kind::kFlag, kFlag, kFlag, "not published"),
    entry(P::kStage1WalkEntries, "stage1_walk_entries",
          "walk cache of stage 1: entries that lead to tables", "", Kind::kNumber, {16, 16},
          {0, 64}, "7-cpu.com: 16, measured with short descriptors"),
    entry(P::kStage1WalkHoldsPa, "stage1_walk_holds_pa",
          "it holds physical addresses, which stage 2 need not translate again", "", Kind::kFlag,
          kFlag, kFlag, "not published"),
    entry(P::kStage2WalkEntries, "stage2_walk_entries",
          "walk cache of stage 2: entries that lead to tables", "", Kind::kNumber, {0, 64}, {0, 64},
          kNotPublished),
    entry(P::kIpaEntries, "ipa_entries", "IPA cache: whole translations of stage 2", "",
          Kind::kNumber, {0, 64}, {0, 64}, kNotPublished),
    entry(P::kIpaHoldsPages, "ipa_holds_pages",
          "it also holds the pages that are loaded from, not only those of stage-1 tables", "",
          Kind::kFlag, kFlag, kFlag, "not published"),
    entry(P::kWalkLooksInL1, "walk_looks_in_l1", "walks look into the L1 data cache first", "",
          Kind::kFlag, kFlag, kFlag,
          "not published; 7-cpu.com: \"10 / 30 cycles for page walk to "
          "L1 / L2 caches\", with a question mark"),
    entry(P::kWalkPrefetches, "walk_prefetches", "a descriptor from RAM brings the next line too",
          "", Kind::kFlag, kFlag, kFlag, "TRM 7.4 has it; L2PFR turns it off"),
    entry(P::kL1Cycles, "l1_cycles", "a load from L1", "cycles", Kind::kNumber, {4, 4}, {1, 1000},
          "7-cpu.com"),
    entry(P::kL2Cycles, "l2_cycles", "a load from L2", "cycles", Kind::kNumber, {21, 21}, {1, 1000},
          "7-cpu.com"),
    entry(P::kRamNs, "ram_ns", "what a load from RAM takes beyond that", "ns", Kind::kNumber,
          {110, 110}, {1, 10000}, "7-cpu.com"),
    entry(P::kL1TlbMissCycles, "l1_tlb_miss_cycles", "a miss of the L1 TLB", "cycles",
          Kind::kNumber, {12, 12}, {0, 1000}, "7-cpu.com"),
    entry(P::kWalkCycles, "walk_cycles", "a walk, without its reads", "cycles", Kind::kNumber,
          {6, 10}, {0, 1000},
          "7-cpu.com: an L2 TLB miss takes 30 cycles, or 10 if the walk hits L1; less a read"),
    entry(P::kStage2WalkCycles, "stage2_walk_cycles",
          "each walk of stage 2 within a walk, without its reads", "cycles", Kind::kNumber, {0, 10},
          {0, 1000}, "not published: nothing, or as much as a walk"),
    entry(P::kWalkL1Cycles, "walk_l1_cycles", "a descriptor from L1", "cycles", Kind::kNumber,
          {4, 4}, {0, 1000}, "7-cpu.com: as a load"),
    entry(P::kWalkL2Cycles, "walk_l2_cycles", "a descriptor from L2", "cycles", Kind::kNumber,
          {20, 20}, {0, 1000}, "7-cpu.com: 20 for one level more"),
    entry(P::kWalkRamNs, "walk_ram_ns", "what a descriptor from RAM takes beyond that", "ns",
          Kind::kNumber, {100, 110}, {1, 10000},
          "7-cpu.com: \"+ 100 ns (page walk to RAM)\", and 110 for a load"),
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

Model::Model() {
    for (const ParameterInfo& info : kInfos) {
        set(info.parameter, info.usual);
    }
}

std::vector<Parameter> Model::unknowns(bool shapes) const {
    std::vector<Parameter> found;
    for (const ParameterInfo& info : kInfos) {
        if (info.shapes == shapes && !(*this)[info.parameter].is_known()) {
            found.push_back(info.parameter);
        }
    }
    return found;
}

std::vector<CoreValues> Model::corners(const std::vector<Parameter>& of) const {
    CoreValues lowest;
    for (const ParameterInfo& info : kInfos) {
        lowest.set(info.parameter, (*this)[info.parameter].low);
    }
    std::vector<CoreValues> corners(std::size_t{1} << of.size(), lowest);
    for (std::size_t corner = 0; corner < corners.size(); ++corner) {
        for (std::size_t i = 0; i < of.size(); ++i) {
            if ((corner >> i & 1) != 0) {
                corners[corner].set(of[i], (*this)[of[i]].high);
            }
        }
    }
    return corners;
}

std::string bounds_text(const ParameterInfo& info, const Bounds& bounds) {
    std::string text = value_text(info, bounds.low);
    if (!bounds.is_known()) {
        text += (info.kind == ParameterKind::kFlag ? " or " : "..") + value_text(info, bounds.high);
    }
    return info.unit.empty() ? text : fmt::format("{} {}", text, info.unit);
}

}  // namespace hm::host
