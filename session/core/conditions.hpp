#pragma once
// What is decided about a scenario before it runs.

#include <cstdint>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/record.hpp"
#include "measure/scenario.hpp"
#include "session/core/platform.hpp"

namespace hm::session {

/// What this machine has for a scenario.
struct Conditions {
    MachineFacts machine{};
    measure::Clock clock = measure::Clock::kInstructions;
    bool has_slot = true;  ///< memory for the guest that is measured
    bool has_second_core = false;
    std::string_view second_core_lack = {};  ///< why it cannot be used, if it cannot
    bool second_core_goes_off = true;        ///< else it waits in a loop once it was used
    std::string_view tlb_lack = {};          ///< why the TLBs' RAMs cannot be read, if they cannot
    bool watches = true;  ///< the watchdog can end a guest that is entered like this one
};

/// Why `scenario` cannot be run here; empty if it can.
[[nodiscard]] std::string_view reason_to_skip(const measure::Scenario& scenario,
                                              const Conditions& conditions);

/// Ticks by which an emulator's clock could slip in one wait of the guest (SlipFinder in
/// guest/bench/timer.hpp).
[[nodiscard]] std::uint32_t slip_of(const measure::Scenario& scenario, measure::Clock clock);

/// Whether a guest that has run `runs` times is to run once more, because QEMU's clock slipped
/// while it waited. That happens once in some ten thousand waits where QEMU cannot record, as on a
/// machine with several cores.
[[nodiscard]] bool is_worth_another_run(const measure::GuestReport& report, measure::Clock clock,
                                        std::uint32_t runs);

/// Whether progress may be printed while the guest runs: only if that is not measured too.
[[nodiscard]] bool may_print(const measure::Scenario& scenario);

}  // namespace hm::session
