#pragma once
// The least and the most that the monitor adds to an event of each kind, and whether a run kept
// between them.

#include <string_view>
#include <vector>

#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"

namespace hm::host {

/// The fewest and the most instructions that the monitor may add to one event of a kind. Below the
/// least, the counters are wrong: the work cannot be done in fewer.
struct Budget {
    std::string_view name;
    bool (*covers)(const Row&);
    double least;
    double limit;
};

/// The budget that holds for this row, or null.
[[nodiscard]] const Budget* budget_of(const Row& row);

/// A verdict for each budget that covers any row, about the extremes of all of them. Budgets count
/// instructions, so they only hold if the clock does too.
void judge_budgets(const RunLog& log, std::vector<Verdict>& verdicts);

/// A verdict for each row of a shared core: no wait is longer than the other's slice.
void judge_slices(const RunLog& log, std::vector<Verdict>& verdicts);

}  // namespace hm::host
