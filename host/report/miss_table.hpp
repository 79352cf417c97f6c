#pragma once
// A TLB miss by regime.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// The figure's (A), (C) and (B)+(C).
[[nodiscard]] std::string misses_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
