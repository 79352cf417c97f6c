#pragma once
// The paper's figures 5 and 6 as text.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no rows for it.
[[nodiscard]] std::string histogram_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
