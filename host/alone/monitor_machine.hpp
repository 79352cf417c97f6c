#pragma once
// In our own monitor, as any other foreign guest (foreign/).

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kMonitorAlone;

}  // namespace hm::host
