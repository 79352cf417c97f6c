#pragma once
// Workload "pagefault": pages that are unmapped and touched again, so that the guest's kernel, the
// monitor or both take a fault and map the page.

#include <algorithm>

#include "measure/workload/fault_layers.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure::page_fault {

inline constexpr Task kTask{0};

struct Arguments {
    std::uint32_t pages;
    std::uint32_t rounds;  ///< in each of which every page is visited once
    std::uint32_t batch;   ///< pages that are unmapped together before they are touched: 1 to pages
    Visits visits;
    Faults faults;
};

inline constexpr Key kKeys[]{Key::kPages,  Key::kRounds, Key::kBatch, Key::kOrder,
                             Key::kRegime, Key::kStage1, Key::kStage2};

inline constexpr std::array<Number, 2> kNumbers{{
    {"stage1-faults", "faults",
     [](const Facts& facts) { return std::optional(facts.report.faults); }},
    {"stage2-faults", "faults",
     [](const Facts& facts) {
         // Before the first round each page that the monitor maps is touched once.
         const auto arguments = facts.scenario.arguments.as<Arguments>();
         const std::uint32_t first = in_stage2(arguments.faults) ? arguments.pages : 0;
         return of_monitor(facts, facts.costs.demand_faults - first);
     }},
}};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "pagefault",
    .meaning = "unmap pages, touch them from PL0, take the fault of stage 1, stage 2 or both",
    .only = "pagefault",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kFault,
    .numbers = kNumbers,
    .demand = DemandRange::kOnTouch};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    const std::uint32_t bytes = arguments.pages * kPageBytes;
    const bool by_monitor = in_stage2(arguments.faults);
    return {.workload = &kWorkload,
            .arguments = arguments,
            .longest = kMostTicksPerByte * bytes * (arguments.rounds + std::uint64_t{1}),
            .events = arguments.pages * arguments.rounds,
            .work_bytes = by_monitor ? 0 : bytes,
            .demand_bytes = by_monitor ? bytes : 0};
}

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    const std::uint32_t pages = request.get(Key::kPages);
    const std::uint32_t rounds = request.get(Key::kRounds);
    const auto add = [&](const Translation& translation, Faults faults, Visits visits,
                         std::uint32_t batch) {
        if (!wants(request, translation) || !request.wants(Key::kOrder, name_of(visits))) {
            return;
        }
        for (const std::uint32_t stamps : {1U, 0U}) {
            if (stamps != 0 && batch != 1) {
                continue;  // a batch changes when pages fault, not how
            }
            Scenario one = scenario({pages, rounds, batch, visits, faults});
            one.stamps = stamps != 0;
            plan.add_in(translation, one.with("faults", name_of(faults))
                                         .with("stage1", name_of(translation.stage1))
                                         .with("order", name_of(visits))
                                         .with("batch", batch)
                                         .with("pages", pages)
                                         .with("rounds", rounds)
                                         .with("stamps", stamps));
        }
    };
    const auto add_all = [&](Visits visits, std::uint32_t batch) {
        add(kPlainNative, Faults::kStage1, visits, batch);
        add(kPlainNested, Faults::kStage1, visits, batch);
        add(kPlainNested, Faults::kStage2, visits, batch);
        add(kPlainNested, Faults::kBoth, visits, batch);
        if (request.suite != Suite::kModel) {
            add(kPlainStage2, Faults::kStage2, visits, batch);
        }
    };
    add_all(Visits::kStrided, 1);
    if (request.suite == Suite::kPaper || request.get(Key::kOrder) != 0) {
        add_all(Visits::kSequential, 1);
        add_all(Visits::kRandom, 1);
    }
    const std::uint32_t batch = std::min(request.get(Key::kBatch), pages);
    if (batch != 1) {
        add_all(Visits::kStrided, batch);
    }
}

}  // namespace hm::measure::page_fault
