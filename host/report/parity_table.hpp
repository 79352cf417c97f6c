#pragma once
// Loops that compute.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Loops that no layer of translation should touch.
[[nodiscard]] std::string parity_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
