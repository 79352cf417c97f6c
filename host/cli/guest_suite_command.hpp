#pragma once
// hypmeter guest --suite: tests that are foreign guests.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int guest_suite_command(const GuestSuiteOptions& options, const Console& console);

}  // namespace hm::host
