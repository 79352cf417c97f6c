#pragma once
// What the host tool makes of a run: whether it is whole, whether both worlds ran the same bytes,
// whether the monitor keeps within its budgets (host/judge/budgets.hpp), and whether the loops of
// figure 2 did what they were to do (host/judge/memory_verdicts.hpp).

#include <vector>

#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"
#include "host/rows/grouped_rows.hpp"

namespace hm::host {

/// What a complete log, its scenarios and its rows prove, each claim as a verdict of its own.
/// `rows` are those of the log. Verdicts about rows that do not exist are left out. The target's
/// own verdicts come first.
[[nodiscard]] std::vector<Verdict> judge(const RunLog& log, const GroupedRows& rows);

/// The results of a run, without verdicts and `host`.
[[nodiscard]] Results results_of(const RunLog& log);

}  // namespace hm::host
