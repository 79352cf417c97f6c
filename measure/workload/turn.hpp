#pragma once
// Workload "turn": the switch to another VM that the end of a turn causes, in instructions of HYP.
// The switch that a VM asks for itself is in workload "hypercall" (path=yield): it has less to find
// out.

#include "measure/workload/load.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure::turn {

inline constexpr Task kTask{11};

struct Arguments {
    std::uint32_t rounds;  ///< times that the core goes to the other VM and comes back
};

inline constexpr Key kKeys[]{Key::kRounds};

inline constexpr std::array<Layer<Sample>, 1> kLayers{{kHypInstructions<Sample>}};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "turn",
    .meaning = "the switch to another VM at the end of a turn (guest only)",
    .only = "turn",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kSample,
    .layers = kLayers,
    // There and back.
    .parts = [](const Facts&) -> std::uint32_t { return 2; }};

/// `slice`: counter ticks.
[[nodiscard]] inline Scenario scenario(const Arguments& arguments, std::uint32_t slice) {
    return {.workload = &kWorkload,
            .delivery = Delivery::kShared,
            .translation = kPlainNested,
            .arguments = arguments,
            .load = Load::kVmCompute,
            .slice = slice,
            .waits = std::uint64_t{2} * slice * arguments.rounds,
            .events = arguments.rounds};
}

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    constexpr std::uint32_t kSlicesPerSecond = 40'000;
    const auto slice = static_cast<std::uint32_t>(counter_hz / kSlicesPerSecond);
    plan.add(scenario({request.get(Key::kRounds)}, slice)
                 .with("slice_us", 1'000'000 / kSlicesPerSecond)
                 .with("rounds", request.get(Key::kRounds)));
}

}  // namespace hm::measure::turn
