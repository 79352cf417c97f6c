#pragma once
// The virtual machine of a foreign guest, as data for the monitor, from its bundle.

#include <array>
#include <optional>

#include "hyp/core/vm_config.hpp"
#include "measure/bundle.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"
#include "session/core/platform.hpp"

namespace hm::foreign {

[[nodiscard]] constexpr measure::Delivery delivery_of(const measure::Bundle& bundle) {
    return static_cast<measure::Delivery>(bundle.delivery);
}
[[nodiscard]] constexpr measure::Mapping mapping_of(const measure::Bundle& bundle) {
    return static_cast<measure::Mapping>(bundle.mapping);
}
[[nodiscard]] constexpr bool is_native(const measure::Bundle& bundle) {
    return delivery_of(bundle) == measure::Delivery::kNative;
}

/// Where the guest's memory begins in the machine's, `ram` up to `end`; nothing if it does not fit.
/// A native guest finds it at the bundle's own addresses, another one at a multiple of 2 MB.
[[nodiscard]] std::optional<mmu::Pa> place_of_memory(const measure::Bundle& bundle,
                                                     const board::Ram& ram, mmu::Pa end);

/// What stage 2 maps from the start.
using ForeignMap = std::array<hyp::MemoryRegion, 2>;
[[nodiscard]] ForeignMap map_of(const measure::Bundle& bundle, mmu::Pa memory,
                                const session::Platform& platform);

/// `map` must outlive it. Nobody ends the guest but itself and the user.
[[nodiscard]] hyp::VmConfig machine_of(const measure::Bundle& bundle, mmu::Pa memory,
                                       const ForeignMap& map, const MachineFacts& machine);

/// What cannot be had together, as a sentence; empty: nothing. Of a machine with a second core, or
/// without.
[[nodiscard]] std::string_view what_is_in_the_way(const measure::Bundle& bundle,
                                                  bool has_second_core);

}  // namespace hm::foreign
