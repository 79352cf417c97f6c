#pragma once
// A TLB miss by regime, and what it does to a whole program.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// The figure's (A), (C) and (B)+(C), beside the paper's numbers.
[[nodiscard]] std::string misses_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
