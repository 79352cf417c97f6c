#pragma once
// hypmeter report: prints DIR/results.json; the status is that of the recorded run.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int report_command(const ReportOptions& options, const Console& console);

}  // namespace hm::host
