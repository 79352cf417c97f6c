#include "host/report/other_workloads.hpp"

#include <algorithm>

#include "host/base/text.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

/// What a summary leaves out.
bool is_detail(const Row& row) { return row.param("stamps") == "1"; }

std::string table_text(const Results& results, const std::string& workload,
                       const Scenarios& scenarios, Verbosity verbosity, std::size_t width) {
    Table table{{workload, "regime/delivery", "layer", "unit", "min", "mean", "p50", "p95", "p99",
                 "max", "mean ns", "max ns", "events"},
                {},
                4};
    for (const ScenarioRows& scenario : scenarios) {
        for (const Row* const row : scenario.rows) {
            if (verbosity == Verbosity::kSummary && is_detail(*row)) {
                continue;
            }
            const bool full = verbosity == Verbosity::kFull;
            const auto in_full = [full](std::optional<double> value) {
                return cell_text(full ? value : std::nullopt);
            };
            table.rows.push_back({params_text(*row), row->setting(), row->layer, row->unit,
                                  cell_text(row->min), cell_text(row->mean), in_full(row->p50),
                                  in_full(row->p95), in_full(row->p99), cell_text(row->max),
                                  nanoseconds_text(in_nanoseconds(results, row->unit, row->mean)),
                                  nanoseconds_text(in_nanoseconds(results, row->unit, row->max)),
                                  in_full(static_cast<double>(row->count))});
        }
    }
    return table.rows.empty() ? std::string() : render(without_empty_columns(table), width);
}

}  // namespace

std::string other_workloads_text(const GroupedResults& run, std::span<const std::string_view> known,
                                 std::string_view title, Verbosity verbosity, std::size_t width) {
    std::string text;
    for (const auto& [workload, scenarios] : run.rows.workloads()) {
        if (std::find(known.begin(), known.end(), workload) == known.end()) {
            const std::string table =
                table_text(run.results, workload, scenarios, verbosity, width);
            text += (text.empty() || table.empty() ? "" : "\n") + table;
        }
    }
    return text.empty() ? text : wrap(title, width) + text;
}

}  // namespace hm::host
