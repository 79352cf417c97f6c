#pragma once
// Workload "masked": how long the monitor keeps interrupts masked at most, by what it serves. Its
// guests are those of other workloads.

#include "measure/workload/boot.hpp"
#include "measure/workload/demand_fault.hpp"
#include "measure/workload/exits.hpp"
#include "measure/workload/hypercall.hpp"
#include "measure/workload/page_fault.hpp"
#include "measure/workload/timer.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure::masked {

inline constexpr std::array<Number, 2> kNumbers{{
    {"longest-masked", nullptr,
     [](const Facts& facts) { return std::optional(facts.costs.masked.ticks); }},
    {"longest-masked-cause", "exception class",
     [](const Facts& facts) { return std::optional(facts.costs.masked.cause); }},
}};

[[nodiscard]] inline std::string_view check(const Facts& facts) {
    return facts.costs.masked.ticks == 0 ? std::string_view("no exit to the monitor was watched")
                                         : std::string_view();
}

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

/// Its scenarios have the workloads of their guests; this one stands for their rows.
inline constexpr Workload kWorkload{
    .name = "masked",
    .meaning = "the longest stretch with interrupts masked in HYP, by what is served (guest only)",
    .only = "masked",
    .plan = plan,
    .numbers = kNumbers,
    .check = check};

/// `guest`, watched.
[[nodiscard]] inline Scenario scenario(Scenario guest, const char* serves) {
    guest.masking_is_watched = true;
    guest.stamps = false;
    guest.named_count = 0;
    return guest.with("serves", serves);
}

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    const auto add = [&plan](const char* serves, const Scenario& guest) {
        plan.add_in(kPlainNested, scenario(guest, serves));
    };
    const bool for_models = info(request.suite).for_models;
    const std::uint32_t few = for_models ? 4 : 64;
    add("page-faults", page_fault::scenario({.pages = few,
                                             .rounds = 1,
                                             .batch = 1,
                                             .visits = Visits::kSequential,
                                             .faults = Faults::kStage2}));
    if (request.suite == Suite::kModel) {
        return;
    }
    add("null-calls", hypercall::scenario({hypercall::Path::kNullDispatch, few}));
    add("actlr-reads", exits::scenario({exits::Exit::kActlrRead, few}));
    add("new-pages", demand_fault::scenario({few}));
    constexpr std::uint32_t kBooted = 4 * kMiB;
    for (const auto& [serves, mapping] : {std::pair{"16-KB-windows", Mapping::kAround4},
                                          {"256-KB-windows", Mapping::kAround64},
                                          {"2-MB-blocks", Mapping::kDemand2M}}) {
        add(serves, boot::scenario({kBooted}, mapping));
    }
    if (for_models) {
        return;  // the guests of what follows keep the core busy
    }
    // What it takes to inject, to maintain, and to switch at a deadline and at the end of a turn.
    constexpr std::uint32_t kPeriod = 100;  // microseconds
    constexpr std::uint32_t kTurns = 2 * timer::kBriefSlice;
    const timer::Planner planner(request, counter_hz, plan);
    const auto add_timer = [&](const char* serves, const timer::Row& row) {
        plan.add(scenario(planner.made(row, false), serves));
    };
    add_timer("maintenance", {.delivery = Delivery::kInjectedSoft,
                              .wait = Wait::kSpin,
                              .period = kPeriod,
                              .count = few});
    add_timer("turns", {.delivery = Delivery::kBoosted,
                        .load = Load::kVmCompute,
                        .slice = timer::kBriefSlice,
                        .period = kTurns,
                        .dither = kTurns,
                        .count = few});
}

}  // namespace hm::measure::masked
