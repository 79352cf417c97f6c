#pragma once
// The Test Anything Protocol, version 13
// (https://testanything.org/tap-version-13-specification.html).

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no verdicts.
[[nodiscard]] std::string tap_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
