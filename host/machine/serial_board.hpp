#pragma once
// A board at a serial port as a machine: its U-Boot starts the image, and its log is kept in
// DIR/uart.log while it comes, so that a run whose line broke can be resumed.

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kSerialBoard;

}  // namespace hm::host
