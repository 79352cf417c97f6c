#pragma once
// hypmeter image: lists the forms of a board's image with the commands that boot them, and copies
// them if asked.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int image_command(const ImageOptions& options, const Console& console);

}  // namespace hm::host
