#pragma once
// QEMU as a machine.

#include "host/machine/machines.hpp"
#include "host/machine/qemu_command.hpp"

namespace hm::host {

extern const MachineKind kQemu;

}  // namespace hm::host
