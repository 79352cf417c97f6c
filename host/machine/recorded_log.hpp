#pragma once
// What a target said elsewhere, as a machine: a farm's log of a board's console, or a pipe from it.

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kRecordedLog;

}  // namespace hm::host
