#pragma once
// LMbench's result files, one for each regime, as an archive that its own `getresults` takes apart.
// Of the files its `getsummary` makes the table that has hosts side by side.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no rows for it.
[[nodiscard]] std::string lmbench_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
