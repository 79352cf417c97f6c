#pragma once
// The one driver of all machines: from the options of a run to its results, files and exit status.

#include "host/base/console.hpp"
#include "host/machine/machines.hpp"

namespace hm::host {

/// Runs the target, prints the results, and writes DIR/results.json, DIR/uart.log and the machine's
/// own log once the target has said anything, be it good or bad. A run that does not start leaves
/// DIR as it was. Returns the exit status.
[[nodiscard]] int drive(const RunOptions& options, const Console& console);

}  // namespace hm::host
