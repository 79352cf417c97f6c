#include "host/rows/grouped_rows.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

#include "host/rows/params_hash.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

bool is_of(const ScenarioRows& scenario, const Row& row) {
    return same_setting(scenario.first(), row) && scenario.first().params == row.params;
}

/// `hashes` are those of the scenarios.
void add(Scenarios& scenarios, std::vector<std::size_t>& hashes, const Row& row) {
    // Rows of a scenario follow one another, so the last one is nearly always right.
    if (!scenarios.empty() && is_of(scenarios.back(), row)) {
        scenarios.back().rows.push_back(&row);
        return;
    }
    const std::size_t hash = hash_of(row.params);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        if (hashes[i] == hash && is_of(scenarios[i], row)) {
            scenarios[i].rows.push_back(&row);
            return;
        }
    }
    scenarios.push_back({{&row}});
    hashes.push_back(hash);
}

template <class Workloads>
auto find(Workloads& workloads, std::string_view name) {
    return std::find_if(workloads.begin(), workloads.end(),
                        [name](const auto& known) { return known.first == name; });
}

}  // namespace

GroupedRows::GroupedRows(const std::vector<Row>& rows) : rows_(rows), timer_(timer_cases(rows)) {
    std::map<std::string, std::vector<std::size_t>> hashes;
    for (const Row& row : rows) {
        auto known = find(workloads_, row.workload);
        if (known == workloads_.end()) {
            known = workloads_.insert(known, {row.workload, {}});
        }
        add(known->second, hashes[row.workload], row);
    }
}

const Scenarios& GroupedRows::of(std::string_view workload) const {
    static const Scenarios kNone;
    const auto known = find(workloads_, workload);
    return known == workloads_.end() ? kNone : known->second;
}

}  // namespace hm::host
