#pragma once
// How evenly the chases of a run use the sets of the caches.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// A line for each order, stride and size; in a summary, only for the largest size of each.
[[nodiscard]] std::string set_usage_text(const GroupedResults& run, Verbosity verbosity,
                                         std::size_t width);

}  // namespace hm::host
