#include "host/report/exits_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/judge/budgets.hpp"
#include "host/rows/rows.hpp"

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
    return table.rows.empty()
               ? std::string()
               : wrap("Exits: instructions that the monitor adds to one event", width) +
                     render(table, width);
}

}  // namespace hm::host
