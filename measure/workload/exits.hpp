#pragma once
// Workload "exits": what a guest's kernel does that exits to HYP, one row for each kind, and beside
// it the same natively where that means something.

#include "measure/workload/workload.hpp"

namespace hm::measure::exits {

inline constexpr Task kTask{10};

enum class Exit : std::uint32_t {
    kActlrRead = 0,  ///< MRC of ACTLR, which HCR.TAC traps and the monitor emulates
    kNull,           ///< a hypercall that does nothing, by the dispatcher
    kPsciVersion,    ///< PSCI_VERSION by HVC #0
    kGicdCtlrRead,   ///< of the emulated distributor
    kGicdTyperRead,
    kSelfSgi,         ///< a write of GICD_SGIR, until GICC_IAR returns the SGI
    kAcknowledgeEnd,  ///< GICC_IAR and GICC_EOIR of a pending interrupt, which do not exit
    kDeviceRead,      ///< of the test device, an emulated device that does nothing
    kDeviceWrite,
};

/// Those that mean the same without a monitor run natively too.
[[nodiscard]] constexpr bool runs_natively(Exit exit) {
    return exit != Exit::kNull && exit != Exit::kPsciVersion && exit != Exit::kDeviceRead &&
           exit != Exit::kDeviceWrite;
}

struct Arguments {
    Exit exit;
    std::uint32_t repeats;
};

inline constexpr Key kKeys[]{Key::kRounds, Key::kExit};
inline constexpr auto kLayers = plain_layers("exit");

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "exits",
    .meaning = "what a guest's kernel does that traps to the monitor, and the same natively",
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
    for (std::size_t i = 0; i < detail::kExitNames.size(); ++i) {
        const char* const name = detail::kExitNames[i];
        const auto exit = static_cast<Exit>(i);
        if (!request.wants(Key::kExit, name)) {
            continue;
        }
        const Scenario one = scenario({exit, repeats}).with("exit", name);
        if (runs_natively(exit)) {
            plan.add_in(kPlainNative, one);
        }
        plan.add_in(kPlainNested, one);
    }
}

}  // namespace hm::measure::exits
