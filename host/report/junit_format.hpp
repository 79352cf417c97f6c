#pragma once
// JUnit's XML, which CI servers show (Jenkins' junit-10.xsd).

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no verdicts.
[[nodiscard]] std::string junit_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
