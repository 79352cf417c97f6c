#pragma once
// hypmeter compare, and hypmeter baseline: recorded runs side by side.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status: 1 if a rule is broken.
[[nodiscard]] int compare_command(const CompareOptions& options, const Console& console);
[[nodiscard]] int baseline_command(const BaselineOptions& options, const Console& console);

}  // namespace hm::host
