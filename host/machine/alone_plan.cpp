#include "host/machine/alone_plan.hpp"

#include "measure/workload/exits.hpp"

namespace hm::host {

std::vector<std::string> alone_parts() {
    std::vector<std::string> parts(kAloneWorkloads.begin(), kAloneWorkloads.end());
    for (std::size_t exit = 0; exit < measure::detail::kExitNames.size(); ++exit) {
        if (measure::exits::runs_alone(static_cast<measure::exits::Exit>(exit))) {
            parts.push_back(std::string("exit=") + measure::detail::kExitNames[exit]);
        }
    }
    return parts;
}

}  // namespace hm::host
