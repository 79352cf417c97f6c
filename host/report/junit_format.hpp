#pragma once
// JUnit's XML, which CI servers show (Jenkins' junit-10.xsd).

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "host/report/outcomes.hpp"
#include "host/report/section.hpp"

namespace hm::host {

/// What is said of the run beside its outcomes.
struct JunitRun {
    std::string started;  ///< as "2026-11-26T15:00:00Z"
    std::vector<std::pair<std::string, std::string>> properties;
};

/// Empty if there are none.
[[nodiscard]] std::string junit_of(const JunitRun& run, const std::vector<TestOutcome>& outcomes);

/// Empty if the run has no verdicts.
[[nodiscard]] std::string junit_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
