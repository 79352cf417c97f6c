#include "host/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "host/rows.hpp"
#include "host/text.hpp"
#include "host/verdicts.hpp"

namespace hm::host {
namespace {

using Statistic = std::function<std::optional<double>(const Row&)>;

constexpr std::string_view kNothing = "-";

bool counts_instructions(const Row& row) { return counts_monitor(row) || row.layer == kGuestLayer; }

bool is_layer(const Row& row) {
    return row.workload == "timer" && row.layer.find("..") != std::string::npos;
}

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

/// The layers of one kind of timer run in the order of a wake-up: a layer that one world alone has
/// stands before the next that both share.
std::vector<RowPair> layers_in_order(const std::vector<RowPair>& pairs) {
    std::vector<RowPair> ordered;
    std::vector<RowPair> native_only;
    for (const RowPair& pair : pairs) {
        if (pair.guest == nullptr) {
            native_only.push_back(pair);
        }
    }
    // Rows of both worlds came one world after the other; the guest's have the finer order.
    std::vector<RowPair> guests;
    std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(guests),
                 [](const RowPair& pair) { return pair.guest != nullptr; });
    std::sort(guests.begin(), guests.end(),
              [](const RowPair& a, const RowPair& b) { return a.guest < b.guest; });
    auto next = native_only.begin();
    for (const RowPair& pair : guests) {
        while (pair.native != nullptr && next != native_only.end() && next->native < pair.native) {
            ordered.push_back(*next++);
        }
        ordered.push_back(pair);
    }
    ordered.insert(ordered.end(), next, native_only.end());
    return ordered;
}

std::string end_to_end_text(const RowPair& pair, std::size_t width) {
    struct Line {
        const char* name;
        Statistic statistic;
    };
    const std::vector<Line> lines{
        {"min", [](const Row& row) { return row.min; }},
        {"mean", [](const Row& row) { return row.mean; }},
        {"p50", [](const Row& row) { return row.p50; }},
        {"p95", [](const Row& row) { return row.p95; }},
        {"p99", [](const Row& row) { return row.p99; }},
        {"p99.9", [](const Row& row) { return row.p999; }},
        {"max", [](const Row& row) { return row.max; }},
    };
    Table table{{"deadline to application", "native", "guest", "ratio"}, {}};
    for (const Line& line : lines) {
        table.rows.push_back(compare({line.name}, pair, line.statistic));
    }
    return render(table, width);
}

/// One timer run, known by its parameters: its layers where it was stamped, and end to end.
std::string timer_text(const std::vector<RowPair>& pairs, std::size_t width) {
    const Row& first = pairs.front().any();
    std::string text = wrap(fmt::format("{}, in {}", label_of(first), first.unit), width);
    std::vector<RowPair> layers;
    std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(layers),
                 [](const RowPair& pair) { return pair.any().layer != kEndToEnd; });
    if (!layers.empty()) {
        // One statistic for the whole table, so that its rows can be compared with each other.
        const bool median = std::all_of(layers.begin(), layers.end(), [](const RowPair& pair) {
            return (pair.native == nullptr || pair.native->p50) &&
                   (pair.guest == nullptr || pair.guest->p50);
        });
        Table table{{median ? "layer (p50)" : "layer (mean)", "native", "guest", "ratio"}, {}};
        for (const RowPair& pair : layers_in_order(layers)) {
            table.rows.push_back(compare({pair.any().layer}, pair, [median](const Row& row) {
                return median ? row.p50 : row.mean;
            }));
        }
        text += render(table, width);
    }
    for (const RowPair& pair : pairs) {
        if (pair.any().layer == kEndToEnd) {
            text += end_to_end_text(pair, width);
        }
    }
    return text;
}

std::string yes_no(bool value) { return value ? "yes" : "no"; }

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

std::string figure7_text(const Results& results, std::size_t width) {
    std::vector<std::vector<RowPair>> runs;
    for (const RowPair& pair : pair_rows(results.rows, is_layer)) {
        const auto run = std::find_if(runs.begin(), runs.end(), [&pair](const auto& known) {
            return known.front().any().params == pair.any().params;
        });
        if (run == runs.end()) {
            runs.push_back({pair});
        } else {
            run->push_back(pair);
        }
    }
    std::string text;
    for (const auto& run : runs) {
        text += (text.empty() ? wrap("Figure 7: what an interrupt costs", width) : "\n") +
                timer_text(run, width);
    }
    return text;
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
        table.rows.push_back({label_of(row) + which, number_text(row.min), number_text(row.mean),
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
    return wrap(fmt::format("Clock: {}; this machine models caches: {}, TLBs: {}.", results.clock,
                            yes_no(results.models_caches), yes_no(results.models_tlb)),
                width);
}

std::string results_text(const Results& results, std::size_t width) {
    std::string text;
    if (!results.version.empty()) {
        text = wrap(fmt::format("hypmeter {} on board {}: {}", results.version, results.board,
                                results.machine),
                    width);
    }
    for (const auto& section :
         {figure2_text(results, width), figure7_text(results, width), exits_text(results, width)}) {
        text += (section.empty() || text.empty() ? "" : "\n") + section;
    }
    return text + (text.empty() ? "" : "\n") + verdicts_text(results, width) +
           clock_text(results, width);
}

}  // namespace hm::host
