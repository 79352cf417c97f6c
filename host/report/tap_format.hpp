#pragma once
// The Test Anything Protocol, version 13
// (https://testanything.org/tap-version-13-specification.html).

#include <cstddef>
#include <string>
#include <vector>

#include "host/report/outcomes.hpp"
#include "host/report/section.hpp"

namespace hm::host {

/// Empty if there are none.
[[nodiscard]] std::string tap_of(const std::vector<TestOutcome>& outcomes);

/// Empty if the run has no verdicts.
[[nodiscard]] std::string tap_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
