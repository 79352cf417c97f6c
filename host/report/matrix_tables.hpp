#pragma once
// The matrix of the tables of both stages.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// A TLB miss in each cell, as measured and as predicted.
[[nodiscard]] std::string matrix_text(const GroupedResults& run, Verbosity verbosity,
                                      std::size_t width);

}  // namespace hm::host
