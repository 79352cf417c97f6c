#pragma once
// Under Xen of Debian, as the only domain.

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kXenAlone;

}  // namespace hm::host
