#include "host/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "host/budgets.hpp"
#include "host/rows.hpp"
#include "host/text.hpp"

namespace hm::host {
namespace {

using Statistic = std::function<std::optional<double>(const Row&)>;

constexpr std::string_view kNothing = "-";

bool counts_instructions(const Row& row) { return counts_monitor(row) || row.layer == kGuestLayer; }

std::string cell(const Row* row, const Statistic& statistic) {
    const std::optional<double> value = row == nullptr ? std::nullopt : statistic(*row);
    return value ? number_text(*value) : std::string(kNothing);
}

std::string ratio_cell(const RowPair& pair, const Statistic& statistic) {
    if (pair.native == nullptr || pair.guest == nullptr) {
        return std::string(kNothing);
    }
    const std::optional<double> native = statistic(*pair.native);
    const std::optional<double> guest = statistic(*pair.guest);
    return native && guest && *native != 0 ? fmt::format("{:.2f}", *guest / *native)
                                           : std::string(kNothing);
}

std::vector<std::string> compare(std::vector<std::string> labels, const RowPair& pair,
                                 const Statistic& statistic) {
    labels.push_back(cell(pair.native, statistic));
    labels.push_back(cell(pair.guest, statistic));
    labels.push_back(ratio_cell(pair, statistic));
    return labels;
}

/// "timer wfi idle injected": the exits of an interrupt depend on its delivery.
std::string exit_label(const Row& row) {
    if (row.workload != "timer") {
        return label_of(row);
    }
    return fmt::format("timer {} {} {}{}", row.param("wait"), row.param("load"),
                       delivery_text(row.delivery, row.param("slice_us")),
                       row.param("stamps") == "1" ? ", stamped" : "");
}

std::string yes_no(bool value) { return value ? "yes" : "no"; }

/// The words of `name` which say what it is: not the numbers of how often and how far apart.
std::string short_scenario(const std::string& name) {
    std::string text;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t end = std::min(name.find(' ', at), name.size());
        const std::string word = name.substr(at, end - at);
        const bool number = word.find('=') != std::string::npos && word.back() >= '0' &&
                            word.back() <= '9' && !word.starts_with("slice_us=");
        if (!number) {
            text += (text.empty() ? "" : " ") + word.substr(word.find('=') + 1);
        }
        at = end + 1;
    }
    return text;
}

/// The scenarios by what they are; those that differ only in numbers are named once.
std::string short_list(const std::vector<std::string>& scenarios) {
    std::vector<std::string> names;
    for (const std::string& scenario : scenarios) {
        const std::string name = short_scenario(scenario);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string figure2_text(const Results& results, std::size_t width) {
    Table table{{"address (mean)", "unit", "native", "guest", "ratio"}, {}, 2};
    const auto wanted = [](const Row& row) {
        return (row.workload == "pagefault" || row.workload == "chase") &&
               !counts_instructions(row);
    };
    for (const RowPair& pair : pair_rows(results.rows, wanted)) {
        const Row& row = pair.any();
        const bool plain = row.layer == "total" || row.layer == "load";
        table.rows.push_back(
            compare({plain ? label_of(row) : label_of(row) + ", " + row.layer, row.unit}, pair,
                    [](const Row& of) { return of.mean; }));
    }
    return table.rows.empty()
               ? std::string()
               : wrap("Figure 2: what an address costs", width) + render(table, width);
}

std::string exits_text(const Results& results, std::size_t width) {
    Table table{{"exit", "min", "mean", "max", "budget"}, {}};
    for (const Row& row : results.rows) {
        if (!counts_monitor(row) || row.native()) {
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
    return table.rows.empty()
               ? std::string()
               : wrap("Exits: instructions that the monitor adds to one event", width) +
                     render(table, width);
}

std::string verdicts_text(const Results& results, std::size_t width) {
    std::string text;
    for (const Verdict& verdict : results.verdicts) {
        if (!verdict.ok) {
            text += wrap(fmt::format("FAILED {}: {}", verdict.name, verdict.detail), width, 4);
        }
    }
    const auto passed = std::count_if(results.verdicts.begin(), results.verdicts.end(),
                                      [](const Verdict& verdict) { return verdict.ok; });
    const auto all = static_cast<std::ptrdiff_t>(results.verdicts.size());
    return text + wrap(fmt::format("{}: {} verdicts passed, {} failed",
                                   results.ok() ? "ok" : "NOT OK", passed, all - passed),
                       width);
}

std::string clock_text(const Results& results, std::size_t width) {
    if (results.clock.empty()) {
        return {};
    }
    if (results.clock == "instructions") {
        return wrap(
            "Clock: one instruction = one cycle = one tick; this machine models neither caches nor "
            "TLBs, so these are counts, not times; comparing them with the paper's times would "
            "mean nothing.",
            width);
    }
    if (results.clock == "emulator") {
        return wrap(
            "Clock: the emulator's own, which follows the time of the computer that it runs on. "
            "These are the emulator's times and no machine's; they differ from run to run, and "
            "nothing here is compared with the paper.",
            width);
    }
    return wrap(fmt::format("Clock: {}; this machine models caches: {}, TLBs: {}.", results.clock,
                            yes_no(results.models_caches), yes_no(results.models_tlb)),
                width);
}

std::string skipped_text(const Results& results, std::size_t width) {
    std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
    for (const Skip& skip : results.skipped) {
        auto known = std::find_if(reasons.begin(), reasons.end(),
                                  [&skip](const auto& r) { return r.first == skip.reason; });
        if (known == reasons.end()) {
            known = reasons.insert(reasons.end(), {skip.reason, {}});
        }
        known->second.push_back(skip.scenario);
    }
    std::string text;
    for (const auto& [reason, scenarios] : reasons) {
        text += wrap(
            fmt::format("{}: {} scenarios: {}", reason, scenarios.size(), short_list(scenarios)),
            width, 2);
    }
    return text.empty() ? text : wrap("Not run", width) + text;
}

std::string results_text(const Results& results, Detail detail, std::size_t width) {
    std::string text;
    if (!results.version.empty()) {
        text = wrap(fmt::format("hypmeter {} on board {}: {}", results.version, results.board,
                                results.machine),
                    width);
    }
    for (const auto& section :
         {figure2_text(results, width), figure7_text(results, detail, width),
          sharing_text(results, detail, width), worst_text(results, detail, width),
          exits_text(results, width), anchors_text(results, width), skipped_text(results, width)}) {
        text += (section.empty() || text.empty() ? "" : "\n") + section;
    }
    const bool more = detail == Detail::kSummary && !results.rows.empty();
    return text + (text.empty() ? "" : "\n") + verdicts_text(results, width) +
           clock_text(results, width) +
           (more ? wrap("`hypmeter report DIR` prints the layers of every row.", width) : "");
}

}  // namespace hm::host
