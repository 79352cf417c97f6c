#include "host/report/live_tables.hpp"

#include <algorithm>

#include "host/judge/verdicts.hpp"
#include "host/report/tables.hpp"

namespace hm::host {
namespace {

/// Whether the plan has scenarios of the section, and all of them are closed.
bool is_complete(const Section& section, const RunLog& log) {
    if (section.alone != (log.begin->board == measure::kAlone)) {
        return false;
    }
    const auto belongs = [&section](const std::string& scenario) {
        const std::string_view workload = std::string_view(scenario).substr(0, scenario.find(' '));
        return std::ranges::find(section.workloads, workload) != section.workloads.end();
    };
    const auto planned = std::ranges::count_if(log.begin->plan, belongs);
    return planned > 0 &&
           planned == std::ranges::count_if(log.scenarios, belongs, &ScenarioRecord::name);
}

}  // namespace

bool LiveTables::has_news(const RunLog& log) {
    if (!console_.live || !log.begin || log.scenarios.size() == closed_) {
        return false;
    }
    closed_ = log.scenarios.size();
    const auto all = sections();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].live && !shown_.contains(i) && is_complete(all[i], log)) {
            return true;
        }
    }
    return false;
}

void LiveTables::update(const RunLog& log) {
    const Results results = results_of(log);
    const GroupedRows rows(results.rows);
    const auto all = sections();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].live && !shown_.contains(i) && is_complete(all[i], log)) {
            shown_.insert(i);
            const std::string text =
                all[i].text({results, rows}, Verbosity::kSummary, console_.width);
            console_.out << text << (text.empty() ? "" : "\n") << std::flush;
        }
    }
}

}  // namespace hm::host
