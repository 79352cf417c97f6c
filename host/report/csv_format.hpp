#pragma once
// Every row as comma-separated values (RFC 4180, with the line ends of this system).

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no rows.
[[nodiscard]] std::string csv_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
