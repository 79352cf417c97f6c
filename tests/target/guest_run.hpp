#pragma once
// Runs the measuring guest for a case and lets the case look at the machine as the guest left it.

#include <optional>

#include "board/facts.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"
#include "measure/scenario.hpp"
#include "session/core/slots.hpp"

namespace hm::target {

void set_ram(const board::Ram& ram);

/// The parameter block that the guest got last.
[[nodiscard]] const measure::ParameterBlock& last_parameters();

/// What it left behind.
[[nodiscard]] const measure::GuestReport& last_report();

/// The memory of guests on this machine.
[[nodiscard]] session::Slots guest_slots();

/// Whether the machine has memory for a block of 1 GB.
[[nodiscard]] bool has_gigabyte();

/// Fills the memory of the guest that `scenario` measures with a pattern, and clears it as after a
/// guest that misbehaved. True if the pattern is nowhere.
[[nodiscard]] bool clears_a_pattern(const measure::Scenario& scenario);

/// Runs the guest, and beside it a second VM where the scenario shares the core; `inspect` is
/// called after it has stopped, with its PL1 state and its stage 2 still in place. Nothing where it
/// could not be started.
[[nodiscard]] std::optional<hyp::Stop> run_guest(const measure::Scenario& scenario,
                                                 void (*inspect)(),
                                                 hyp::CheckpointHandler on_checkpoint = nullptr);

/// A page-fault scenario of a few pages, which runs everything that the guest has but the timer.
[[nodiscard]] measure::Scenario page_fault_scenario(measure::Delivery delivery);
inline constexpr std::uint32_t kChaseBytes = 8U << 20;
/// Two laps through so much memory, one line per page.
[[nodiscard]] measure::Scenario chase_scenario(
    const measure::Translation& translation,
    measure::Placement placement = measure::Placement::kContiguous);
inline constexpr std::uint32_t kBootWorkingSet = 2U << 20;
/// A boot that touches so much, the first half of its memory.
[[nodiscard]] measure::Scenario boot_scenario(measure::Mapping mapping);
/// A few wake-ups.
[[nodiscard]] measure::Scenario timer_scenario(measure::Delivery delivery);

}  // namespace hm::target
