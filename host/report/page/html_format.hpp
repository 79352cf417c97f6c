#pragma once
// A run as one page for a browser, which needs nothing else: no network, no other file.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host::page {

/// Empty if the run has no rows and no verdicts.
[[nodiscard]] std::string html_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host::page
