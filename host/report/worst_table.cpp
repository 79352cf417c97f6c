#include "host/report/worst_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

std::string name_of(const Worst& worst) {
    return fmt::format("{} {} {}", worst.param("wait"), worst.param("load"),
                       delivery_text(worst.delivery, worst.param("slice_us")));
}

/// The rows whose events all took the same.
std::vector<const Row*> constant_rows(const Results& results) {
    std::vector<const Row*> all;
    for (const Row& row : results.rows) {
        if (row.layer == kEndToEnd && row.min == row.max) {
            all.push_back(&row);
        }
    }
    return all;
}

/// Whether it is of one of them, so that it is worse than no other.
bool is_of(const std::vector<const Row*>& constant, const Worst& worst) {
    return std::any_of(constant.begin(), constant.end(), [&worst](const Row* row) {
        return row->workload == worst.workload && row->regime == worst.regime &&
               row->delivery == worst.delivery && row->params == worst.params;
    });
}

/// Whether a summary shows it: the worst of the two loads that stand for all.
bool in_summary(const Worst& worst) {
    const std::string load = worst.param("load");
    return worst.rank == 1 && worst.param("wait") == "wfi" &&
           (load == "idle" || load == "vm-compute");
}

}  // namespace

std::string worst_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const Results& results = run.results;
    const auto nanoseconds_of = [&results](const Worst& worst, const auto& layer) {
        return in_nanoseconds(results, unit_of_layer(results, worst, layer.first), layer.second);
    };
    Table table{{"row", "event", "delay", "ns", "most of it in", "", "ns"}, {}};
    const std::vector<const Row*> constant = constant_rows(results);
    for (const Worst& worst : results.worst) {
        if (worst.layers.empty() || is_of(constant, worst) ||
            (verbosity == Verbosity::kSummary && !in_summary(worst))) {
            continue;
        }
        const auto most = std::max_element(worst.layers.begin(), worst.layers.end(),
                                           [&](const auto& a, const auto& b) {
                                               return nanoseconds_of(worst, a).value_or(a.second) <
                                                      nanoseconds_of(worst, b).value_or(b.second);
                                           });
        table.rows.push_back(
            {name_of(worst), fmt::format("{}", worst.event), short_number(worst.delay),
             nanoseconds_text(in_nanoseconds(results, worst.unit, worst.delay)), most->first,
             short_number(most->second), nanoseconds_text(nanoseconds_of(worst, *most))});
    }
    return table.rows.empty()
               ? std::string()
               : wrap("Worst events, with stamps (rows whose events all took the same have none)",
                      width) +
                     render(without_empty_columns(table), width);
}

}  // namespace hm::host
