#pragma once
// What stage 2's faults cost a guest that boots.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// From a guest's entry until it is ready: its stage 2 built on demand or before.
[[nodiscard]] std::string boot_text(const GroupedResults& run, Verbosity verbosity,
                                    std::size_t width);

}  // namespace hm::host
