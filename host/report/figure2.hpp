#pragma once
// The paper's figure 2: what an address costs, by stage of translation.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// All its tables, and how to read them.
[[nodiscard]] std::string figure2_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

}  // namespace hm::host
