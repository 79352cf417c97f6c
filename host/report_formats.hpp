#pragma once
// A run in the text formats of the tools that the paper used, for their plot scripts.

#include <string>

#include "host/results.hpp"

namespace hm::host {

/// As `cyclictest -h` prints: one histogram per kind of timer run, a column for each world. Runs
/// without stamps are taken where there are any. Empty without timer rows.
[[nodiscard]] std::string cyclictest_text(const Results& results);

/// As `lat_mem_rd` and `lat_pagefault` print. Empty without chase and page-fault rows.
[[nodiscard]] std::string lmbench_text(const Results& results);

}  // namespace hm::host
