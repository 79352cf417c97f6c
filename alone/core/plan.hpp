#pragma once
// The scenarios of a guest that runs by itself: those that mean something whatever is below it.

#include <cstdint>
#include <optional>
#include <string_view>

#include "alone/core/surroundings.hpp"
#include "measure/guest_abi.hpp"
#include "measure/plan.hpp"
#include "measure/request.hpp"

namespace hm::alone {

/// Fills `plan` with what `request` asks for of timers, page faults of stage 1, chases, parity and
/// exits. The keys delivery and regime have no meaning here.
void make_alone_plan(const measure::Request& request, std::uint64_t counter_hz,
                     measure::Plan& plan);

/// Why `scenario` cannot run here; empty if it can.
[[nodiscard]] std::string_view reason_to_skip(const measure::Scenario& scenario, Conduit conduit);

/// The parameter block of a guest that does `scenario`; nothing if the memory is too small for it.
[[nodiscard]] std::optional<measure::ParameterBlock> parameters_for(
    const Surroundings& here, const measure::Scenario& scenario);

}  // namespace hm::alone
