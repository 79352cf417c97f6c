#pragma once
// hypmeter guest: a foreign guest in the monitor.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int guest_command(const GuestOptions& options, const Console& console);

}  // namespace hm::host
