#pragma once
// Reads beside the paper's, and what a slower read does to a whole program.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if no chase ran, and where only the emulator's own time is known.
[[nodiscard]] std::string impact_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
