#pragma once
// Hypervisors side by side, for people: the same guest measured under each.

#include <cstddef>
#include <string>
#include <vector>

#include "host/judge/comparison.hpp"
#include "host/report/hypervisor_rows.hpp"
#include "host/report/section.hpp"

namespace hm::host {

/// Why the sides cannot be in one table, in one line: their clocks tick differently. Empty if they
/// can.
[[nodiscard]] std::string why_apart(const std::vector<Side>& sides);

/// Which sides there are, and the tables. The sides can be in one table.
[[nodiscard]] std::string hypervisors_text(const std::vector<Side>& sides,
                                           const Comparison& comparison, std::size_t width);

/// The tables of a single run, without ratios. Empty if it is no run of the guest alone.
[[nodiscard]] std::string under_text(const GroupedResults& run, Verbosity verbosity,
                                     std::size_t width);

}  // namespace hm::host
