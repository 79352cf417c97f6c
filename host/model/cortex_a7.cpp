#include "host/model/cortex_a7.hpp"

namespace hm::host {
namespace {

using P = Parameter;

// The TRM is that of Cortex-A7 MPCore (ARM DDI 0464). It has no latencies, and nobody whom we know
// of has measured them. So this core has counts and no times until a file says what they are.
constexpr std::string_view kNoLatency = "not published";
constexpr std::string_view kInTheRam =
    "TRM 6.6.3: 32 indexes of two ways in the RAM of the main TLB";
constexpr ModelledCore kFactsA7{
    .name = "cortex-a7",
    .title = "Cortex-A7",
    .chip = "Allwinner H3",
    .tlb = "main TLB",
    .parameters = {{
        {P::kClockMhz, exactly(1008),
         "U-Boot v2023.01: where it can set the core's voltage; on a board the run's own clock is "
         "used"},
        {P::kL1Bytes, exactly(32768), "32 KB on this chip (TRM 6.1: 8 to 64 KB)"},
        {P::kL1Ways, exactly(4), "TRM 6.1"},
        {P::kL1Random, kEither, "not published in what we have read"},
        {P::kL2Bytes, exactly(524288), "512 KB on this chip (TRM 7.1: up to 1 MB)"},
        {P::kL2Ways, exactly(8), "TRM 7.1; to be confirmed by a board's CCSIDR"},
        {P::kL2Random, kEither, "not published in what we have read"},
        {P::kL2HoldsL1, kEither,
         "not published in what we have read; Cortex-A53's takes what L1 gives up (ARM DDI 0500, "
         "7.6)"},
        {P::kPrefetchLines, Bounds{0, 3},
         "how far ahead it goes is not published (TRM 6.5.2); ACTLR's L1PCTL counts to three"},
        {P::kPrefetchAfter, exactly(3), "TRM 6.5.2: three misses at one stride"},
        {P::kL1TlbEntries, exactly(10), "TRM 5.3.1; that each is of 4 KB is an assumption"},
        {P::kL2TlbEntries, exactly(256),
         "TRM 5.3.2; 6.6.3: an entry keeps the sizes of both stages"},
        {P::kL2TlbWays, exactly(2), "TRM 5.3.2"},
        {P::kL2TlbRandom, kEither, "not published"},
        {P::kTlbHoldsIpa, exactly(0), "TRM 6.6.3: an entry has a PA, and the sizes of both stages"},
        {P::kStage1WalkEntries, exactly(64), kInTheRam},
        {P::kStage1WalkSets, exactly(32), kInTheRam},
        {P::kStage1WalkLastOnly, exactly(1),
         "TRM 6.6.3: an entry has the address of a table of the last level"},
        {P::kStage1WalkHoldsPa, exactly(1), "TRM 6.6.3: that address is a physical one"},
        {P::kStage2WalkEntries, exactly(0), "TRM 6.6.3: the RAM has no others"},
        {P::kIpaEntries, exactly(64), kInTheRam},
        {P::kIpaSets, exactly(32), kInTheRam},
        {P::kIpaHoldsPages, kEither, "not published"},
        {P::kWalkLooksInL1, exactly(1), "TRM 5.2: descriptors may be held in the L1 data cache"},
        {P::kWalkPrefetchLines, exactly(0), "TRM 6.5.2: it prefetches after misses of data"},
        {P::kWalkerCacheBytes, exactly(0), kNoWalkerCache},
        {P::kWalkerCacheWays, exactly(1), kNoWalkerCache},
        {P::kL1Cycles, {}, kNoLatency},
        {P::kL2Cycles, {}, kNoLatency},
        {P::kRamNs, {}, kNoLatency},
        {P::kL1TlbMissCycles, {}, kNoLatency},
        {P::kWalkCycles, {}, kNoLatency},
        {P::kStage2WalkCycles, {}, kNoLatency},
        {P::kWalkL1Cycles, {}, kNoLatency},
        {P::kWalkL2Cycles, {}, kNoLatency},
        {P::kWalkRamNs, {}, kNoLatency},
    }}};
static_assert(kFactsA7.is_in_order());

}  // namespace

constinit const ModelledCore kCortexA7 = kFactsA7;

}  // namespace hm::host
