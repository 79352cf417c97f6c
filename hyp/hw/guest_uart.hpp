#pragma once
// The UART of a VM: what its guest prints goes to the monitor's console.

#include "hyp/core/devices.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

/// As a row of the VM's table of devices.
[[nodiscard]] Device uart_at(mmu::Ipa base);

/// Its guest has ended: what it has printed without a newline comes out.
void end_text(Vm& vm);

}  // namespace hm::hyp
