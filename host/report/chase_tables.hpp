#pragma once
// Loads by size: LMbench's curves as lines of a table.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// What one load costs by order, size and regime, as LMbench's lat_mem_rd asks.
[[nodiscard]] std::string loads_text(const GroupedResults& run, Verbosity verbosity,
                                     std::size_t width);

}  // namespace hm::host
