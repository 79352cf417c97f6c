#pragma once
// What a run was to prove, for those who only ask how each test ended: its scenarios, and its other
// verdicts.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/log/results.hpp"

namespace hm::host {

struct TestOutcome {
    std::string group;  ///< the workload of a scenario, or "verdicts"
    std::string name;
    bool ok = false;
    bool skipped = false;
    std::string detail;
    std::optional<double> seconds;  ///< that a scenario took, on this computer
};

/// What each scenario took on the computer that ran it.
[[nodiscard]] std::map<std::string, double> scenario_seconds_of(const Results& results);

/// In the order of the verdicts.
[[nodiscard]] std::vector<TestOutcome> test_outcomes_of(const Results& results);

}  // namespace hm::host
