#pragma once
// All rows of a run, grouped once for judges and tables.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/rows/scenario_rows.hpp"
#include "host/rows/timer_cases.hpp"

namespace hm::host {

class GroupedRows {
  public:
    /// `rows` outlive the groups and do not change.
    explicit GroupedRows(const std::vector<Row>& rows);

    /// In the order in which they came.
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

    /// All scenarios of `workload`, in the order in which they first came; maybe none.
    [[nodiscard]] const Scenarios& of(std::string_view workload) const;

    /// The timer's rows, with stamps and without brought together.
    [[nodiscard]] const TimerCases& timer() const { return timer_; }

    /// All workloads, in the order in which they first came.
    [[nodiscard]] const std::vector<std::pair<std::string, Scenarios>>& workloads() const {
        return workloads_;
    }

  private:
    const std::vector<Row>& rows_;
    std::vector<std::pair<std::string, Scenarios>> workloads_;
    TimerCases timer_;
};

/// A run as tables take it.
struct GroupedResults {
    const Results& results;
    const GroupedRows& rows;  ///< of `results`
    /// Of the guest alone, with the same clock, to stand beside it.
    std::span<const Results> beside = {};
};

}  // namespace hm::host
