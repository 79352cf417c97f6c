#pragma once
// What the monitor adds to one exit of each kind.

#include <cstddef>
#include <string>

#include "host/base/text.hpp"
#include "host/report/section.hpp"

namespace hm::host {

/// One line for each kind of exit, with its budget.
[[nodiscard]] Table exits_of(const GroupedResults& run);

/// Instructions in HYP, by exit, with their budgets.
[[nodiscard]] std::string exits_text(const GroupedResults& run, Verbosity verbosity,
                                     std::size_t width);

}  // namespace hm::host
