#pragma once
// A run for people: the table of tables.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// All sections that have anything to show, the verdicts, and how to read the numbers.
[[nodiscard]] std::string results_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

}  // namespace hm::host
