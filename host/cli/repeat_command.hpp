#pragma once
// hypmeter run --repeat N: the same run several times, for `compare`.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// Runs into DIR/run-1, DIR/run-2 and so on, until one fails; the exit status. Where the clock
/// counts instructions, runs that differ have failed.
[[nodiscard]] int repeat_command(const RunOptions& options, const Console& console);

}  // namespace hm::host
