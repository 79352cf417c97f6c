#pragma once
// The worst events.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// The worst event of each row, and the layer that took most of it.
[[nodiscard]] std::string worst_text(const GroupedResults& run, Verbosity verbosity,
                                     std::size_t width);

}  // namespace hm::host
