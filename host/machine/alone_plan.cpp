#include "host/machine/alone_plan.hpp"

namespace hm::host {

std::vector<std::string> alone_parts() {
    std::vector<std::string> parts(kAloneWorkloads.begin(), kAloneWorkloads.end());
    for (const std::string_view exit : kAloneExits) {
        parts.push_back("exit=" + std::string(exit));
    }
    return parts;
}

}  // namespace hm::host
