#pragma once
// The paper's figure 7: what an interrupt costs, by delivery, layer and load.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Deliveries to a guest that has the core to itself: layers side by side, and end to end.
[[nodiscard]] std::string figure7_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

/// "Missed periods: none." or where, and how many.
[[nodiscard]] std::string missed_text(const TimerCases& cases, std::size_t width);

}  // namespace hm::host
