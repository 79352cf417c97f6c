#pragma once
// Under a hypervisor that a user starts by a command of his own
// (host/machine/hypervisor_file.hpp).

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kUserAlone;

}  // namespace hm::host
