#include "host/rows/grouped_rows.hpp"

#include <algorithm>

#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

void add(Scenarios& scenarios, const Row& row) {
    // Rows of a scenario follow one another, so the last one is nearly always right.
    const auto known =
        std::find_if(scenarios.rbegin(), scenarios.rend(), [&row](const ScenarioRows& other) {
            return same_setting(other.first(), row) && other.first().params == row.params;
        });
    if (known == scenarios.rend()) {
        scenarios.push_back({{&row}});
    } else {
        known->rows.push_back(&row);
    }
}

template <class Workloads>
auto find(Workloads& workloads, std::string_view name) {
    return std::find_if(workloads.begin(), workloads.end(),
                        [name](const auto& known) { return known.first == name; });
}

}  // namespace

GroupedRows::GroupedRows(const std::vector<Row>& rows) : rows_(rows), timer_(timer_cases(rows)) {
    for (const Row& row : rows) {
        auto known = find(workloads_, row.workload);
        if (known == workloads_.end()) {
            known = workloads_.insert(known, {row.workload, {}});
        }
        add(known->second, row);
    }
}

const Scenarios& GroupedRows::of(std::string_view workload) const {
    static const Scenarios kNone;
    const auto known = find(workloads_, workload);
    return known == workloads_.end() ? kNone : known->second;
}

}  // namespace hm::host
