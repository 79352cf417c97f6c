#pragma once
// Workload "hypercall": calls that do nothing, so that a row is what entering HYP and coming back
// costs; and the switch to another VM that a guest asks for, and back.

#include "measure/workload/load.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure::hypercall {

inline constexpr Task kTask{3};

/// Which way through the monitor a call takes.
enum class Path : std::uint32_t { kVectorOnly = 0, kNullFast = 1, kNullDispatch = 2, kYield = 3 };
inline constexpr std::array<const char*, 4> kPathNames{"vector-only", "null-fast", "null-dispatch",
                                                       "yield"};

struct Arguments {
    Path path;
    std::uint32_t calls;
};

inline constexpr Key kKeys[]{Key::kRounds};
inline constexpr auto kLayers = plain_layers("call");

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "hypercall",
    .meaning = "calls into the monitor: fast path, dispatcher, bare vector (guest only)",
    .only = "hypercall",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kSample,
    .layers = kLayers,
    // A round trip to the other VM is two switches.
    .parts = [](const Facts& facts) -> std::uint32_t {
        return shares_core(facts.scenario.delivery) ? 2 : 1;
    },
    .null_ends_in_vector = true};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    Scenario made{.workload = &kWorkload,
                  .delivery = Delivery::kInjected,
                  .translation = kPlainNested,
                  .arguments = arguments,
                  .events = arguments.calls};
    if (arguments.path == Path::kYield) {
        made.delivery = Delivery::kShared;
        made.load = Load::kVmIdle;
        made.companion = load::kYield;
        made.slice = UINT32_MAX;  // no turn ends meanwhile
    }
    return made;
}

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    const std::uint32_t calls = request.get(Key::kRounds) * kRepeatsPerRound;
    for (std::size_t i = 0; i < kPathNames.size(); ++i) {
        plan.add(scenario({static_cast<Path>(i), calls}).with("path", kPathNames[i]));
    }
}

}  // namespace hm::measure::hypercall
