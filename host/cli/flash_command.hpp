#pragma once
// hypmeter flash: puts the image on a board's card, through its U-Boot.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int flash_command(const FlashOptions& options, const Console& console);

}  // namespace hm::host
