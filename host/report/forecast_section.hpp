#pragma once
// What the model of a core says of a run's chases, beside what was measured.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// The plain chases, and where the machine has time also those through larger blocks or fewer
/// levels, with the ends of the unknowns' ranges at which the model agrees with all of them. A
/// summary leaves it out.
[[nodiscard]] std::string forecasts_text(const GroupedResults& run, Verbosity verbosity,
                                         std::size_t width);

}  // namespace hm::host
