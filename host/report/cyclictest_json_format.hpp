#pragma once
// As `cyclictest --json` of rt-tests writes.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no rows for it.
[[nodiscard]] std::string cyclictest_json_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
