#pragma once
// A log as judges and tables take it.

#include <vector>

#include "host/judge/verdicts.hpp"
#include "host/rows/grouped_rows.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {

inline std::vector<Verdict> judged(const RunLog& log) { return judge(log, GroupedRows(log.rows)); }

inline Results judged_results(const RunLog& log) {
    Results results = results_of(log);
    results.verdicts = judged(log);
    return results;
}

/// Results with their rows grouped, for one call of a table.
class Grouped {
  public:
    /// `results` outlive the call.
    explicit Grouped(const Results& results) : results_(results), rows_(results.rows) {}
    operator GroupedResults() const { return {results_, rows_}; }

  private:
    const Results& results_;
    GroupedRows rows_;
};

}  // namespace hm::host::testing
