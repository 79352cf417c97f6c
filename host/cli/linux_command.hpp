#pragma once
// Linux natively and in the monitor.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status. Writes DIR/linux-boot.json and so on, and what each boot printed.
[[nodiscard]] int linux_command(const LinuxOptions& options, const Console& console);

}  // namespace hm::host
