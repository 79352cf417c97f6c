#pragma once
// The paper's figures 5 and 6 as text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "host/report/section.hpp"

namespace hm::host {

/// How often each value came.
using Histogram = std::vector<std::pair<double, std::uint64_t>>;

/// A line for each bin of `histogram`, whose largest value is `last`: its least value, how often,
/// and a bar for that on a logarithmic scale.
[[nodiscard]] std::string bars_text(const Histogram& histogram, double last, std::size_t width);

/// Empty if the run has no rows for it.
[[nodiscard]] std::string histogram_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
