#pragma once
// The measuring guest's virtual machine, and that of a second VM beside it, as data for the
// monitor.

#include <array>
#include <cstdint>
#include <optional>

#include "hyp/core/vm_config.hpp"
#include "measure/plan.hpp"
#include "session/hw/guest_slot.hpp"

namespace hm::session {

using GuestMap = std::array<hyp::MemoryRegion, 2>;

/// How the monitor routes interrupts to bring `delivery` about on this machine.
[[nodiscard]] hyp::InterruptRouting routing_of(measure::Delivery delivery);

/// Stage 2 of a guest that does `scenario`: its memory, in blocks of the size that the scenario
/// wants, less what is mapped on demand; and in the place of GICC (8 KB) GICV, or GICC itself where
/// interrupts come straight.
[[nodiscard]] GuestMap guest_map(const measure::ParameterBlock& parameters, const GuestSlot& slot,
                                 const measure::Scenario& scenario);

/// The same of a second VM: 4 KB pages, and its demand range left out.
[[nodiscard]] GuestMap companion_map(const measure::ParameterBlock& parameters,
                                     const GuestSlot& slot);

/// The machine for one scenario. `map` must outlive it; `patience`: CNTVCT ticks for the watchdog.
[[nodiscard]] hyp::VmConfig guest_machine(const measure::Scenario& scenario, const GuestSlot& slot,
                                          const GuestMap& map,
                                          const measure::ParameterBlock& parameters,
                                          std::uint64_t patience);

/// The parameter block of the second VM that `scenario` wants; nothing where `slot` is too small.
[[nodiscard]] std::optional<measure::ParameterBlock> companion_parameters(
    const measure::Scenario& scenario, const GuestSlot& slot);

/// That VM, and how it shares the core.
[[nodiscard]] hyp::Companion companion_machine(const measure::Scenario& scenario,
                                               const GuestSlot& slot, const GuestMap& map,
                                               const measure::ParameterBlock& parameters);

}  // namespace hm::session
