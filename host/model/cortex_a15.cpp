#include "host/model/cortex_a15.hpp"

namespace hm::host {
namespace {

using P = Parameter;

// The TRM is that of Cortex-A15 MPCore (ARM DDI 0438). 7-cpu.com measured an Exynos 5250 at 1.7 GHz
// with pages of 4 KB under Linux (https://7-cpu.com/cpu/Cortex-A15.html).
constexpr std::string_view kNotPublished =
    "size not published (TRM 5.1 names walk caches): none, or up to the 64 of Cortex-A53 (ARM DDI "
    "0500, 5.1)";
constexpr std::string_view kOneSet =
    "an assumption: TRM 5.1 names \"intermediate\" walk caches and no more";
constexpr ModelledCore kFactsA15{
    .name = "cortex-a15",
    .title = "Cortex-A15",
    .chip = "Exynos 5250",
    .tlb = "L2 TLB",
    .parameters = {{
        {P::kClockMhz, exactly(1700), "7-cpu.com: 1.7 GHz; on a board the run's own clock is used"},
        {P::kL1Bytes, exactly(32768), "TRM 6.1: 32 KB"},
        {P::kL1Ways, exactly(2), "TRM 6.1"},
        {P::kL1Random, exactly(0), "7-cpu.com: LRU"},
        {P::kL2Bytes, exactly(1048576), "7-cpu.com: 1 MB"},
        {P::kL2Ways, exactly(16), "TRM 7.1"},
        {P::kL2Random, exactly(1), "TRM 7.1: random"},
        {P::kL2HoldsL1, exactly(1), "TRM 7.1: strictly enforced inclusion"},
        {P::kPrefetchLines, Bounds{0, 8},
         "TRM 7.4: 0, 2, 4 or 8; when it begins to prefetch is not published"},
        {P::kPrefetchAfter, exactly(0), "TRM 7.4: on any miss of L2"},
        {P::kL1TlbEntries, exactly(32), "TRM 5.2.2"},
        {P::kL2TlbEntries, exactly(512), "TRM 5.2.3"},
        {P::kL2TlbWays, exactly(4), "TRM 5.2.3"},
        {P::kL2TlbRandom, kEither, "not published"},
        {P::kTlbHoldsIpa, exactly(0), "TRM 5.2.2: from VA to PA"},
        {P::kStage1WalkEntries, exactly(16), "7-cpu.com: 16, measured with short descriptors"},
        {P::kStage1WalkSets, exactly(1), kOneSet},
        {P::kStage1WalkLastOnly, exactly(0), kOneSet},
        {P::kStage1WalkHoldsPa, kEither, "not published"},
        {P::kStage2WalkEntries, Bounds{0, 64}, kNotPublished},
        {P::kIpaEntries, Bounds{0, 64}, kNotPublished},
        {P::kIpaSets, exactly(1), kOneSet},
        {P::kIpaHoldsPages, kEither, "not published"},
        {P::kWalkLooksInL1, kEither,
         "not published; 7-cpu.com: \"10 / 30 cycles for page walk to "
         "L1 / L2 caches\", with a question mark"},
        {P::kWalkPrefetchLines, Bounds{0, 1}, "TRM 7.4 has it; L2PFR turns it off"},
        {P::kWalkerCacheBytes, exactly(0), kNoWalkerCache},
        {P::kWalkerCacheWays, exactly(1), kNoWalkerCache},
        {P::kL1Cycles, exactly(4), "7-cpu.com"},
        {P::kL2Cycles, exactly(21), "7-cpu.com"},
        {P::kRamNs, exactly(110), "7-cpu.com"},
        {P::kL1TlbMissCycles, exactly(12), "7-cpu.com"},
        {P::kWalkCycles, Bounds{6, 10},
         "7-cpu.com: an L2 TLB miss takes 30 cycles, or 10 if the walk hits L1; less a read"},
        {P::kStage2WalkCycles, Bounds{0, 10}, "not published: nothing, or as much as a walk"},
        {P::kWalkL1Cycles, exactly(4), "7-cpu.com: as a load"},
        {P::kWalkL2Cycles, exactly(20), "7-cpu.com: 20 for one level more"},
        {P::kWalkRamNs, Bounds{100, 110},
         "7-cpu.com: \"+ 100 ns (page walk to RAM)\", and 110 for a load"},
    }}};
static_assert(kFactsA15.is_in_order());

}  // namespace

constinit const ModelledCore kCortexA15 = kFactsA15;

}  // namespace hm::host
