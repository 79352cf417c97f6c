#pragma once
// Workload "boot": from a guest's entry until it has touched each page of its working set once,
// with its memory mapped on demand or beforehand.

#include "measure/workload/workload.hpp"

namespace hm::measure::boot {

inline constexpr Task kTask{8};

struct Arguments {
    std::uint32_t working_set;  ///< bytes, from the beginning of the demand range on
};

inline constexpr Key kKeys[]{Key::kWorkingSet, Key::kRegime, Key::kStage1, Key::kStage2};

inline constexpr std::array<Number, 6> kNumbers{{
    {"prepare", nullptr,
     [](const Facts& facts) { return std::optional(facts.costs.prepare_ticks); }},
    {"run", nullptr, [](const Facts& facts) { return std::optional(facts.costs.ticks); }},
    {"total", nullptr,
     [](const Facts& facts) {
         return std::optional(facts.costs.prepare_ticks + facts.costs.ticks);
     }},
    {"stage2-faults", "faults",
     [](const Facts& facts) { return std::optional(facts.costs.demand_faults); }},
    {"stage2-tables", "bytes",
     [](const Facts& facts) { return std::optional(facts.costs.table_bytes); }},
    {"hyp-instructions", "instructions",
     [](const Facts& facts) -> std::optional<std::uint32_t> {
         // An emulator does not count instructions, and natively only entry and end are in HYP.
         if (facts.clock == Clock::kEmulator || facts.scenario.delivery == Delivery::kNative) {
             return std::nullopt;
         }
         return facts.costs.all_instructions - facts.costs.guest_instructions;
     }},
}};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "boot",
    .meaning = "from a guest's entry until it has touched its working set, on demand or pre-mapped",
    .only = "boot",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .numbers = kNumbers,
    .is_quiet = true};

/// A guest that has the working set rounded up to blocks of 2 MB.
[[nodiscard]] inline Scenario scenario(const Arguments& arguments, Mapping mapping) {
    constexpr std::uint32_t kBlock = 2 * kMiB;
    return {.workload = &kWorkload,
            .mapping = mapping,
            .arguments = arguments,
            .longest = kMostTicksPerByte * arguments.working_set,
            .demand_bytes = (arguments.working_set + kBlock - 1) / kBlock * kBlock};
}

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    const std::uint32_t largest = request.get(Key::kWorkingSet);
    const std::uint32_t memory = scenario({largest}, Mapping::kNone).demand_bytes;
    const auto add = [&](Mapping mapping, std::uint32_t working_set) {
        const Translation translation = mapping == Mapping::kNone ? kPlainNative : kPlainNested;
        if (!wants(request, translation)) {
            return;
        }
        Scenario one = scenario({working_set}, mapping);
        one.demand_bytes = memory;
        plan.add_in(translation, one.with("mapping", name_of(mapping))
                                     .with("working_set", working_set)
                                     .with("memory", memory));
    };
    for (std::size_t i = 0; i < kMappingNames.size(); ++i) {
        const auto mapping = static_cast<Mapping>(i);
        if (request.suite == Suite::kModel &&
            (mapping == Mapping::kAround4 || mapping == Mapping::kAround64)) {
            continue;
        }
        // Every other size is enough for a quick look.
        const unsigned step = request.suite == Suite::kPaper ? 1 : 2;
        for (std::uint32_t set = kMiB; set < largest; set <<= step) {
            add(mapping, set);
        }
        add(mapping, largest);
    }
}

}  // namespace hm::measure::boot
