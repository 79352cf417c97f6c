#pragma once
// hypmeter guest --write: a foreign guest as files for a board's U-Boot.

#include <string>

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int write_for_uboot(const GuestOptions& options, std::string bundle,
                                  const Console& console);

}  // namespace hm::host
