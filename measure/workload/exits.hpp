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
    kPl011Read,     ///< of the flags of the emulated UART
    kIpiOtherCore,  ///< a write of GICD_SGIR, until the other virtual CPU has the SGI from GICC_IAR
    kIpiSameCore,   ///< the same where both share a core
    kSpi,  ///< a write that raises a device's interrupt, until GICC_IAR returns it; in each
           ///< delivery
    kWfi,  ///< WFI until the timer's deadline, with its interrupt masked: from the deadline to the
           ///< next instruction
};

/// Where the second virtual CPU runs that an exit needs.
[[nodiscard]] constexpr SecondCpu second_cpu_of(Exit exit) {
    return exit == Exit::kIpiOtherCore  ? SecondCpu::kOtherCore
           : exit == Exit::kIpiSameCore ? SecondCpu::kSameCore
                                        : SecondCpu::kNone;
}

/// Those that mean the same without a monitor run natively too. A board's UART is none: it is the
/// monitor's console, not a device of the guest, and Arndale's is no PL011.
[[nodiscard]] constexpr bool runs_natively(Exit exit) {
    return exit != Exit::kNull && exit != Exit::kPsciVersion && exit != Exit::kDeviceRead &&
           exit != Exit::kDeviceWrite && exit != Exit::kPl011Read && exit != Exit::kIpiSameCore;
}

/// Of a sample: what its clock is, and so which layers it has.
enum class Kind : std::uint32_t {
    kClock,    ///< PMCCNTR; instructions are counted too
    kCounter,  ///< CNTVCT, which both CPUs see, and in which deadlines are
};
[[nodiscard]] constexpr bool is_of(const Sample& sample, Kind kind) {
    return sample.kind == static_cast<std::uint32_t>(kind);
}
[[nodiscard]] constexpr bool is_of_clock(const Sample& sample) {
    return is_of(sample, Kind::kClock);
}

struct Arguments {
    Exit exit;
    std::uint32_t repeats;
    std::uint32_t ahead = 0;  ///< of a deadline: counter ticks from when it is set
};

inline constexpr Key kKeys[]{Key::kRounds, Key::kExit};
/// An IPI has one number: on an emulator that counts instructions, those of both CPUs.
inline constexpr std::array<Layer<Sample>, 4> kLayers{{
    {"exit", Unit::kTicks, [](const Sample& sample) { return sample.ticks; }, is_of_clock},
    {"exit", Unit::kCounterTicks, [](const Sample& sample) { return sample.ticks; },
     [](const Sample& sample) { return is_of(sample, Kind::kCounter); }},
    {"hyp-instructions", Unit::kInstructions, hyp_instructions<Sample>, is_of_clock},
    {"pl-instructions", Unit::kInstructions, guest_instructions<Sample>, is_of_clock},
}};

/// What a guest that runs by itself has whatever is below it: no call that only our monitor knows,
/// no device of it, no second CPU, no timer of a board.
[[nodiscard]] constexpr bool runs_alone(Exit exit) {
    return exit == Exit::kPsciVersion || exit == Exit::kPl011Read ||
           (runs_natively(exit) && exit != Exit::kIpiOtherCore && exit != Exit::kSpi);
}

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
    return {.workload = &kWorkload,
            .arguments = arguments,
            .second_cpu = second_cpu_of(arguments.exit),
            .uses_spare_timer = arguments.exit == Exit::kSpi,
            .events = arguments.repeats};
}

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    constexpr std::uint32_t kSlicesPerSecond = 1'000;
    // Far enough for any hypervisor to be idle by then.
    constexpr std::uint32_t kDeadlinesPerSecond = 5'000;
    const std::uint32_t repeats = request.get(Key::kRounds) * kRepeatsPerRound;
    for (std::size_t i = 0; i < detail::kExitNames.size(); ++i) {
        const char* const name = detail::kExitNames[i];
        const auto exit = static_cast<Exit>(i);
        if (!request.wants(Key::kExit, name)) {
            continue;
        }
        const auto ahead = static_cast<std::uint32_t>(counter_hz / kDeadlinesPerSecond);
        Scenario one = scenario({exit, repeats, ahead}).with("exit", name);
        one.slice = one.second_cpu == SecondCpu::kSameCore
                        ? static_cast<std::uint32_t>(counter_hz / kSlicesPerSecond)
                        : 0;
        if (runs_natively(exit)) {
            plan.add_in(kPlainNative, one);
        }
        plan.add_in(kPlainNested, one);
        if (exit == Exit::kSpi) {
            plan.add_in(kPlainNested, one, Delivery::kInjectedSoft);
            plan.add_in(kPlainNested, one, Delivery::kDirect);
        }
    }
}

}  // namespace hm::measure::exits
