#pragma once
// Natively: in PL1 of a machine without HYP mode.

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kNativeAlone;

}  // namespace hm::host
