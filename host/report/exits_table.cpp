#include "host/report/exits_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/judge/budgets.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

/// "timer wfi idle injected": the exits of an interrupt depend on its delivery, which is said of
/// others where it is not the usual one.
std::string exit_label(const Row& row) {
    if (row.workload == "pagefault" && !row.param("faults").empty()) {
        return fmt::format("pagefault {}{}", row.param("faults"),
                           row.regime == "stage2" ? ", stage 1 off" : "");
    }
    if (row.workload != "timer") {
        return label_of(row) + (row.delivery == "injected"
                                    ? ""
                                    : " " + delivery_text(row.delivery, row.param("slice_us")));
    }
    return fmt::format("timer {} {} {}{}", row.param("wait"), row.param("load"),
                       delivery_text(row.delivery, row.param("slice_us")),
                       row.param("stamps") == "1" ? ", stamped" : "");
}

/// Whether these are exits of the loop's events; elsewhere HYP's part is no event's own.
bool counts_exits(const Row& row) {
    return counts_monitor(row) && !row.native() && row.workload != "chase" &&
           row.workload != "boot" && row.workload != "parity";
}

/// Page faults in all orders and batches are one kind of exit, for which the worst row stands.
bool stands_for_its_kind(const Row& row, const std::vector<Row>& rows) {
    const auto same_kind = [&row](const Row& other) {
        return other.workload == "pagefault" && other.layer == row.layer &&
               other.setting() == row.setting() && other.param("faults") == row.param("faults");
    };
    return row.workload != "pagefault" ||
           std::none_of(rows.begin(), rows.end(), [&](const Row& other) {
               // Of several that are alike, the first.
               return same_kind(other) &&
                      (other.max > row.max || (other.max == row.max && &other < &row));
           });
}

/// Whether it is what one event of a workload of single calls takes.
bool is_call(const Row& row) {
    return (row.workload == "hypercall" && row.layer == "call") ||
           (row.workload == "demand" && row.layer.starts_with("touch"));
}

/// What these calls take, where the clock has time: counted instructions are in the other table.
std::string calls_text(const Results& results, std::size_t width) {
    Table table{{"call", "min", "mean", "max", "mean ns", "max ns"}, {}};
    for (const Row& row : results.rows) {
        if (is_call(row) && in_cycles(results, row.unit, row.mean)) {
            table.rows.push_back({fmt::format("{} {} {}", label_of(row), row.setting(), row.layer),
                                  number_text(row.min), number_text(row.mean), number_text(row.max),
                                  nanoseconds_text(in_nanoseconds(results, row.unit, row.mean)),
                                  nanoseconds_text(in_nanoseconds(results, row.unit, row.max))});
        }
    }
    return table.rows.empty() ? std::string()
                              : wrap("Calls and first touches of memory, in cycles", width) +
                                    render(without_empty_columns(table), width);
}

}  // namespace

Table exits_of(const GroupedResults& run) {
    const Results& results = run.results;
    Table table{{"exit", "min", "mean", "max", "budget"}, {}};
    for (const Row& row : results.rows) {
        if (!counts_exits(row) || !stands_for_its_kind(row, results.rows)) {
            continue;
        }
        const Budget* budget = budget_of(row);
        if (budget == nullptr && row.max == 0) {
            continue;  // no exit at all
        }
        // "-with-new-table" and the like say which events of the workload these are.
        std::string which = row.layer.substr(kMonitorLayer.size());
        std::replace(which.begin(), which.end(), '-', ' ');
        table.rows.push_back({exit_label(row) + which, number_text(row.min), number_text(row.mean),
                              number_text(row.max),
                              budget != nullptr ? number_text(budget->limit) : std::string("-")});
    }
    return table;
}

std::string exits_text(const GroupedResults& run, Verbosity, std::size_t width) {
    const Table table = exits_of(run);
    const std::string counted =
        table.rows.empty() ? std::string()
                           : wrap("Exits: instructions that the monitor adds to one event", width) +
                                 render(table, width);
    const std::string calls = calls_text(run.results, width);
    return counted + (counted.empty() || calls.empty() ? "" : "\n") + calls;
}

}  // namespace hm::host
