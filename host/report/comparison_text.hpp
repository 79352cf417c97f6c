#pragma once
// Several runs side by side, for people.

#include <cstddef>
#include <string>
#include <vector>

#include "host/judge/comparison.hpp"

namespace hm::host {

/// Which sides there are and how they are compared, their answers side by side, and the rows that
/// differ; with `all` every row.
[[nodiscard]] std::string comparison_text(const std::vector<Side>& sides,
                                          const Comparison& comparison, bool all,
                                          std::size_t width);

/// "A", "B", ..: what a table calls the side.
[[nodiscard]] std::string letter_of(std::size_t side);

}  // namespace hm::host
