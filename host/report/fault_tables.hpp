#pragma once
// Page faults by who has to serve them.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// A page fault, layer by layer.
[[nodiscard]] std::string faults_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
