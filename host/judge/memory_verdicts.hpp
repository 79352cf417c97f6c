#pragma once
// What the rows of figure 2's workloads prove: that what was measured is what was meant.

#include <vector>

#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"
#include "host/rows/grouped_rows.hpp"

namespace hm::host {

/// One verdict for each, if there are rows for it: chases take no fault, tables are as large as
/// predicted, page faults come as planned, a page of a fault-around keeps within its budget, and
/// loops that compute do the same in every regime.
void judge_memory(const RunLog& log, const GroupedRows& rows, std::vector<Verdict>& verdicts);

}  // namespace hm::host
