#pragma once
// The most that the monitor may add to an event of each kind, and whether a run kept within it.

#include <string_view>
#include <vector>

#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"

namespace hm::host {

/// The most instructions that the monitor may add to one event of a kind.
struct Budget {
    std::string_view name;
    bool (*covers)(const Row&);
    double limit;
};

/// The budget that holds for this row, or null.
[[nodiscard]] const Budget* budget_of(const Row& row);

/// A verdict for each budget that covers any row, about the row that comes worst. Budgets count
/// instructions, so they only hold if the clock does too.
void judge_budgets(const RunLog& log, std::vector<Verdict>& verdicts);

/// A verdict for each row of a shared core: no wait is longer than the other's slice.
void judge_slices(const RunLog& log, std::vector<Verdict>& verdicts);

}  // namespace hm::host
