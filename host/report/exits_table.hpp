#pragma once
// What the monitor adds to one exit of each kind.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Instructions in HYP, by exit, with their budgets.
[[nodiscard]] std::string exits_text(const GroupedResults& run, Verbosity verbosity,
                                     std::size_t width);

}  // namespace hm::host
