#pragma once
// What Linux costs in the monitor, for people and programs.

#include <cstddef>
#include <string>
#include <vector>

#include "host/linux/linux_run.hpp"

namespace hm::host {

/// The tables of one workload, and the paper's and other hypervisors' figures beside ours.
[[nodiscard]] std::string linux_text(const LinuxWorkload& workload,
                                     const std::vector<LinuxResult>& results, std::size_t width);

/// One object of JSON for a workload, with everything that the table has and the histograms.
[[nodiscard]] std::string linux_json(const LinuxWorkload& workload,
                                     const std::vector<LinuxResult>& results);

}  // namespace hm::host
