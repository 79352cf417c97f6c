#pragma once
// Registers that say which core this is, how its L2 is set up and which workarounds are on.

#include <array>
#include <span>

#include "measure/record.hpp"
#include "session/core/platform.hpp"

namespace hm::session {

using CoreRegisters = std::array<measure::NamedValue, 5 + kFoundRegisters>;

/// MIDR, ACTLR (whose bits depend on the core), L2CTLR, L2ECTLR and L2PFR, in `room`: those
/// that core and machine have, and none if they mean nothing on this board; then what the start has
/// `found`.
[[nodiscard]] std::span<const measure::NamedValue> core_registers(
    CoreRegisters& room, std::span<const measure::NamedValue> found);

}  // namespace hm::session
