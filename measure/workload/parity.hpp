#pragma once
// Workload "parity": loops that need nothing but the core, so that native and guest must take the
// same time for them.

#include "measure/workload/workload.hpp"

namespace hm::measure::parity {

inline constexpr Task kTask{9};

struct Arguments {
    ParityLoop loop;
    std::uint32_t rounds;
};

struct Report {
    std::uint32_t checksum;  ///< of what was computed
};

inline constexpr Key kKeys[]{Key::kRounds, Key::kRegime, Key::kStage1, Key::kStage2};
inline constexpr auto kLayers = plain_layers("round");
inline constexpr std::array<Number, 1> kNumbers{{
    {"checksum", "value",
     [](const Facts& facts) { return std::optional(facts.reported<Report>().checksum); }},
}};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "parity",
    .meaning = "an integer and a floating-point loop, which should cost a guest nothing",
    .only = "parity",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kSample,
    .layers = kLayers,
    .numbers = kNumbers};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    return {.workload = &kWorkload,
            .arguments = arguments,
            .uses_vfp = arguments.loop == ParityLoop::kFloat,
            .events = arguments.rounds};
}

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    const std::uint32_t rounds = request.get(Key::kRounds) * kRepeatsPerRound;
    for (const ParityLoop loop : {ParityLoop::kInteger, ParityLoop::kFloat}) {
        for (const Translation& translation : kPlain) {
            if (!wants(request, translation) ||
                (request.suite == Suite::kModel && translation == kPlainStage2)) {
                continue;
            }
            plan.add_in(translation, scenario({loop, rounds})
                                         .with("loop", name_of(loop))
                                         .with("stage1", name_of(translation.stage1))
                                         .with("rounds", rounds));
        }
    }
}

}  // namespace hm::measure::parity
