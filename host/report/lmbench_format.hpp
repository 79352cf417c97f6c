#pragma once
// As lat_mem_rd and lat_pagefault of LMbench print.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Empty if the run has no rows for it.
[[nodiscard]] std::string lmbench_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
