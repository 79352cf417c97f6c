#pragma once
// A run for people: the table of tables.

#include <cstddef>
#include <set>
#include <span>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// The table of tables.
[[nodiscard]] std::span<const Section> sections();

/// All sections that have anything to show, the verdicts, and how to read the numbers. `without`
/// are places in the table of tables, of sections that the reader has seen.
[[nodiscard]] std::string results_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width,
                                       const std::set<std::size_t>& without = {});

}  // namespace hm::host
