#pragma once
// What a run would do, without a machine: the plan that the target makes of the same request.

#include <cstddef>
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

/// The word "pick" of the target's command line for these places of a plan of `count` scenarios.
[[nodiscard]] std::string pick_text(const std::vector<std::size_t>& places, std::size_t count);

}  // namespace hm::host
