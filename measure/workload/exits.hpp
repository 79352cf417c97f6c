#pragma once
// Workload "exits": what an exit to HYP costs that a guest's kernel causes without meaning to, one
// row for each kind.

#include "measure/workload/workload.hpp"

namespace hm::measure::exits {

inline constexpr Task kTask{10};

enum class Exit : std::uint32_t {
    kActlrRead = 0,  ///< MRC of ACTLR, which HCR.TAC traps and the monitor emulates
};
inline constexpr std::array<const char*, 1> kExitNames{"actlr-read"};

struct Arguments {
    Exit exit;
    std::uint32_t repeats;
};

inline constexpr Key kKeys[]{Key::kRounds};
inline constexpr auto kLayers = plain_layers("exit");

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "exits",
    .meaning = "instructions of a guest's kernel that trap to the monitor (guest only)",
    .only = "exits",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kSample,
    .layers = kLayers};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    return {.workload = &kWorkload, .arguments = arguments, .events = arguments.repeats};
}

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    const std::uint32_t repeats = request.get(Key::kRounds) * kRepeatsPerRound;
    for (std::size_t i = 0; i < kExitNames.size(); ++i) {
        plan.add_in(kPlainNested,
                    scenario({static_cast<Exit>(i), repeats}).with("exit", kExitNames[i]));
    }
}

}  // namespace hm::measure::exits
