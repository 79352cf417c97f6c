#pragma once
// Every row as comma-separated values (RFC 4180, with the line ends of this system).

#include <cstddef>
#include <string>
#include <vector>

#include "host/report/section.hpp"

namespace hm::host {

/// The cells as one line.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

/// Empty if the run has no rows.
[[nodiscard]] std::string csv_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
