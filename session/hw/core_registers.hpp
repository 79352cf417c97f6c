#pragma once
// Registers by which a reader knows the core, its L2 and the workarounds that were on.

#include <array>
#include <span>

#include "measure/record.hpp"

namespace hm::session {

using CoreRegisters = std::array<measure::Parameter, 4>;

/// MIDR, ACTLR (whose bits of errata are Cortex-A15's), L2CTLR and L2ECTLR, in `room`; as many as
/// the machine has, and none where the board does not tell them.
[[nodiscard]] std::span<const measure::Parameter> core_registers(CoreRegisters& room);

}  // namespace hm::session
