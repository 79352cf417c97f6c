#pragma once
// How long HYP keeps interrupts masked at most, by what it serves.

#include <string>

#include "host/report/section.hpp"

namespace hm::host {

[[nodiscard]] std::string masked_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
