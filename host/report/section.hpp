#pragma once
// What every table of a run has in common.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "host/rows/grouped_rows.hpp"

namespace hm::host {

/// How much of a run to print: what fits on a few screens, or every layer of every row.
enum class Verbosity { kSummary, kFull };

/// A part of the report. Its text is empty if nothing of the kind was measured; no line is wider
/// than `width`.
struct Section {
    std::string (*text)(const GroupedResults& run, Verbosity verbosity, std::size_t width);
    /// Workloads that have their table here; the others are printed in the generic one.
    std::span<const std::string_view> workloads;
    /// It reads rows of no other workloads, so that it can be shown when these are through.
    bool live = false;
    /// Of a run of the guest alone, which has only such sections; others have none of these.
    bool alone = false;
};

}  // namespace hm::host
