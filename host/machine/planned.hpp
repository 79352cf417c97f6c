#pragma once
// What a run would do, without a machine: the plan that the target makes of the same request.

#include <string>
#include <vector>

#include "host/machine/run_options.hpp"

namespace hm::host {

struct PlannedScenario {
    std::string workload;
    std::string name;
    double seconds = 0;  ///< that it should take under QEMU; a rough estimate
};

/// All scenarios of the request, in their order; RunOptions::pick has no part in it.
[[nodiscard]] std::vector<PlannedScenario> planned(const RunOptions& options);

}  // namespace hm::host
