#pragma once
// A run in other formats: those of the tools that the paper used, for their plot scripts, and
// histograms as text.

#include <cstddef>
#include <string>

#include "host/log/results.hpp"

namespace hm::host {

/// As `cyclictest -h` prints: a thread for each timer row without stamps. Empty without such rows.
[[nodiscard]] std::string cyclictest_text(const Results& results);

/// As `lat_mem_rd` and `lat_pagefault` print. Empty without chase and page-fault rows.
[[nodiscard]] std::string lmbench_text(const Results& results);

/// The paper's figures 5 and 6 for each timer row without stamps: how often which delay, the counts
/// on a logarithmic scale. Empty without such rows.
[[nodiscard]] std::string histogram_text(const Results& results, std::size_t width);

}  // namespace hm::host
