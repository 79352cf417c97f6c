#pragma once
// What Linux costs in the monitor, for people.

#include <cstddef>
#include <string>
#include <vector>

#include "host/linux/linux_run.hpp"

namespace hm::host {

/// The tables of one workload, and the paper's and other hypervisors' figures beside ours.
[[nodiscard]] std::string linux_text(const LinuxWorkload& workload,
                                     const std::vector<LinuxResult>& results, std::size_t width);

}  // namespace hm::host
