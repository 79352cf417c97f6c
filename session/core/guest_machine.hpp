#pragma once
// The measuring guest's virtual machine, and that of a second VM beside it, as data for the
// monitor.

#include <array>
#include <cstdint>
#include <optional>

#include "hyp/core/vm_config.hpp"
#include "measure/scenario.hpp"
#include "session/core/guest_slot.hpp"

namespace hm::session {

/// What a guest's VmConfig refers to.
struct GuestMap {
    std::array<hyp::MemoryRegion, 2> regions{};
    std::optional<hyp::PassedDevice> device{};
};

/// How the monitor of this machine routes interrupts for `delivery`.
[[nodiscard]] hyp::InterruptRouting routing_of(const MachineFacts& machine,
                                               measure::Delivery delivery);

/// What a guest that does `scenario` finds at which address: its memory, in blocks of the size that
/// the scenario wants, without what is mapped on demand; and at GICC's address (8 KB) GICV, or GICC
/// itself if interrupts go straight to the guest; and the spare timer, if the scenario uses it.
[[nodiscard]] GuestMap guest_map(const Platform& platform,
                                 const measure::ParameterBlock& parameters, const GuestSlot& slot,
                                 const measure::Scenario& scenario);

/// The same of a second VM: 4 KB pages, without its demand range.
[[nodiscard]] GuestMap companion_map(const Platform& platform,
                                     const measure::ParameterBlock& parameters,
                                     const GuestSlot& slot);

/// The machine for one scenario. `map` must outlive it; `patience`: CNTVCT ticks without progress
/// after which the watchdog ends it, waits not counted.
[[nodiscard]] hyp::VmConfig guest_machine(const Platform& platform,
                                          const measure::Scenario& scenario, const GuestSlot& slot,
                                          const GuestMap& map,
                                          const measure::ParameterBlock& parameters,
                                          std::uint64_t patience);

/// The second VM, and how it shares the core.
[[nodiscard]] hyp::Companion companion_machine(const Platform& platform,
                                               const measure::Scenario& scenario,
                                               const GuestSlot& slot, const GuestMap& map,
                                               const measure::ParameterBlock& parameters);

}  // namespace hm::session
