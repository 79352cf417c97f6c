#pragma once
// Workload "demand": touches each page once that stage 2 does not map until it is touched. Planned
// with "pagefault".

#include "measure/workload/workload.hpp"

namespace hm::measure::demand_fault {

inline constexpr Task kTask{4};

struct Arguments {
    std::uint32_t pages;
};

/// Sample::kind.
inline constexpr std::uint32_t kHadTable = 0;
inline constexpr std::uint32_t kNeededTable = 1;  ///< a stage-2 table had to be allocated

[[nodiscard]] constexpr bool had_table(const Sample& sample) { return sample.kind == kHadTable; }
[[nodiscard]] constexpr bool needed_table(const Sample& sample) {
    return sample.kind == kNeededTable;
}

inline constexpr Key kKeys[]{Key::kPages, Key::kRegime, Key::kStage1, Key::kStage2};

inline constexpr std::array<Layer<Sample>, 5> kLayers{{
    {"touch", Unit::kTicks, [](const Sample& sample) { return sample.ticks; }, had_table},
    {"touch-with-new-table", Unit::kTicks, [](const Sample& sample) { return sample.ticks; },
     needed_table},
    {"hyp-instructions", Unit::kInstructions, hyp_instructions<Sample>, had_table},
    {"hyp-instructions-with-new-table", Unit::kInstructions, hyp_instructions<Sample>,
     needed_table},
    kGuestInstructions<Sample>,
}};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{.name = "demand",
                                    .only = "pagefault",
                                    .task = kTask,
                                    .keys = kKeys,
                                    .plan = plan,
                                    .events = EventKind::kSample,
                                    .layers = kLayers,
                                    .demand = DemandRange::kOnTouch};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    return {.workload = &kWorkload,
            .arguments = arguments,
            .events = arguments.pages,
            .demand_bytes = arguments.pages * kPageBytes};
}

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    if (request.suite == Suite::kModel) {
        return;
    }
    const std::uint32_t pages = request.get(Key::kPages);
    for (const Translation& translation : {kPlainNative, kPlainNested}) {
        if (wants(request, translation)) {
            plan.add_in(translation, scenario({pages}).with("pages", pages));
        }
    }
}

}  // namespace hm::measure::demand_fault
