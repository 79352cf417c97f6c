#pragma once
// The generic table: rows of workloads that have no table of their own.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Prints the rows of every workload that is not in `known`, workload by workload, below `title`.
[[nodiscard]] std::string other_workloads_text(const GroupedResults& run,
                                               std::span<const std::string_view> known,
                                               std::string_view title, Verbosity verbosity,
                                               std::size_t width);

}  // namespace hm::host
