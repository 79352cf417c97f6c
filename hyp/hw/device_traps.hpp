#pragma once
// A guest's accesses to its emulated devices.

#include "hyp/core/devices.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// Serves the access that stage 2 refused from the table of the VM's devices, and steps over it;
/// false where no device is there, or the syndrome does not describe the access.
[[nodiscard]] bool access_device(Hsr hsr, TrapFrame& frame);

/// The emulated distributor, as a row of that table.
[[nodiscard]] Device distributor_at(mmu::Ipa base);

}  // namespace hm::hyp
