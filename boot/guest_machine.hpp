#pragma once
// The measuring guest's virtual machine, as data for the monitor.

#include <array>
#include <cstdint>

#include "boot/guest_slot.hpp"
#include "hyp/core/virtual_machine.hpp"
#include "measure/plan.hpp"

namespace hm::boot {

using GuestMap = std::array<hyp::MemoryRegion, 2>;

/// Stage 2 of the measuring guest: its memory at its own address, in 4 KB pages, less what is
/// mapped on demand; and GICV in the place of GICC (both 8 KB).
[[nodiscard]] GuestMap guest_map(const measure::ParameterBlock& parameters, std::uint32_t base);

/// The machine for one scenario. `map` must outlive it; `patience`: CNTVCT ticks for the watchdog.
[[nodiscard]] hyp::VirtualMachine guest_machine(const measure::Scenario& scenario,
                                                const GuestSlot& slot, const GuestMap& map,
                                                const measure::ParameterBlock& parameters,
                                                std::uint64_t patience);

}  // namespace hm::boot
