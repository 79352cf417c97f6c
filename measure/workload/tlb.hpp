#pragma once
// Workload "tlb": what a pointer chase has left in the RAMs of the core's TLBs, which are read when
// its guest has ended. It is a diagnostic: it measures nothing, and no suite has it.

#include "measure/workload/chase.hpp"

namespace hm::measure::tlb {

inline constexpr Key kKeys[]{Key::kBytes, Key::kRegime, Key::kStage1, Key::kStage2};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

/// Its scenarios have the workload of their guest, the chase; this one stands for them.
inline constexpr Workload kWorkload{
    .name = "tlb",
    .meaning = "what a chase leaves in the TLBs' RAMs, by --only alone (Cortex-A7, Secure entry)",
    .on_request = true,
    .only = "tlb",
    .keys = kKeys,
    .plan = plan};

/// As few pages as a chase can have, so that the main TLB holds all of them.
inline constexpr std::uint32_t kFits = chase::kLeastPages;
/// What the last lap leaves is all that is looked at.
inline constexpr std::uint32_t kLaps = 2;

/// One line per page, in every regime with small pages and large ones: which sizes of the two
/// stages an entry keeps is what nobody knows. Short descriptors have sizes of their own.
inline constexpr std::array<Translation, 9> kCells{{
    kPlainNative,
    {Stage1::kShort4K, Stage2::kOff},
    {Stage1::kLong2M, Stage2::kOff},
    kPlainStage2,
    kPlainNested,
    {Stage1::kShort4K, Stage2::k4K},
    {Stage1::kLong4K, Stage2::k2M},
    {Stage1::kLong2M, Stage2::k4K},
    {Stage1::kLong2M, Stage2::k2M},
}};

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    const auto add = [&](const Translation& translation, std::uint32_t bytes) {
        if (wants(request, translation)) {
            Scenario scenario =
                chase::made(translation, {ChaseOrder::kPageRandom, kPageBytes, bytes}, kLaps);
            scenario.reads_tlb_rams = true;
            plan.add_in(translation, scenario);
        }
    };
    const std::uint32_t largest = request.get(Key::kBytes) / chase::kGrain * chase::kGrain;
    for (const Translation& translation : kCells) {
        add(translation, kFits);
        if (largest > kFits) {
            add(translation, largest);
        }
    }
}

}  // namespace hm::measure::tlb
