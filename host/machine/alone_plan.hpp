#pragma once
// What the guest that comes alone can be asked for (image hypmeter-alone): less than the monitor's
// own runs, since nothing may lean on the monitor.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "measure/keys.hpp"

namespace hm::host {

inline constexpr std::array<std::string_view, 5> kAloneWorkloads{"pagefault", "chase", "parity",
                                                                 "timer", "exits"};
/// Keys that have an effect on it.
inline constexpr std::array kAloneKeys{
    measure::Key::kPeriod, measure::Key::kCount,      measure::Key::kPages,
    measure::Key::kRounds, measure::Key::kBatch,      measure::Key::kBytes,
    measure::Key::kLaps,   measure::Key::kBusyPeriod, measure::Key::kSpins,
    measure::Key::kWait,   measure::Key::kStage1,     measure::Key::kOrder,
    measure::Key::kTlb,    measure::Key::kExit,       measure::Key::kPlacement,
    measure::Key::kMemory, measure::Key::kFrom};

/// What a hypervisor may lack: the workloads, and "exit=sgi-self" and so on.
[[nodiscard]] std::vector<std::string> alone_parts();

}  // namespace hm::host
