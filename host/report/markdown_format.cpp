#include "host/report/markdown_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "host/base/text.hpp"
#include "host/report/hypervisor_formats.hpp"
#include "host/report/machine_name.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

/// As a cell: nothing in it ends the cell or begins markup.
std::string cell(std::string_view text) {
    std::string clean;
    for (const char c : text) {
        if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) {
            clean += '\\';
        }
        clean += c;
    }
    return clean;
}

std::string table_line(const std::vector<std::string>& cells) {
    return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string verdicts_table(const Results& results) {
    const auto failed = std::ranges::count(results.verdicts, false, &Verdict::ok);
    std::string text =
        fmt::format("**{}**: {} verdicts passed, {} failed.\n", results.ok() ? "ok" : "NOT OK",
                    static_cast<std::ptrdiff_t>(results.verdicts.size()) - failed, failed);
    if (failed == 0) {
        return text;
    }
    text += "\n" + table_line({"failed", "why"}) + "|---|---|\n";
    for (const Verdict& verdict : results.verdicts) {
        if (!verdict.ok) {
            text += table_line({cell(verdict.name), cell(verdict.detail)});
        }
    }
    return text;
}

/// The rows of one workload.
std::string rows_table(const Results& results, const std::string& workload) {
    const bool timed = in_nanoseconds(results, kCycles, 1).has_value();
    std::vector<std::string> header{
        "what", "regime/delivery", "layer", "unit", "count", "min", "mean", "p95", "max"};
    std::string rule = "|---|---|---|---|---:|---:|---:|---:|---:|";
    if (timed) {
        header.emplace_back("mean ns");
        rule += "---:|";
    }
    std::string text =
        fmt::format("\n## {}\n\n", cell(workload)) + table_line(header) + rule + "\n";
    for (const Row& row : results.rows) {
        if (row.workload != workload) {
            continue;
        }
        std::vector<std::string> cells{
            cell(params_text(row)),    cell(row.setting()),
            cell(row.layer),           cell(row.unit),
            std::to_string(row.count), number_text(row.min),
            number_text(row.mean),     row.p95 ? number_text(*row.p95) : "",
            number_text(row.max)};
        if (timed) {
            const auto time = in_nanoseconds(results, row.unit, row.mean);
            cells.push_back(time ? number_text(*time) : "");
        }
        text += table_line(cells);
    }
    return text;
}

/// What the guest alone measured, in the words of the table of hypervisors.
std::string under_section(const Results& results) {
    const Table table = under_table(results);
    return table.rows.empty()
               ? std::string()
               : fmt::format("\n## Under {}\n\n{}", cell(results.parameters.text("under")),
                             markdown_table(table));
}

}  // namespace

std::string markdown_table(const Table& table) {
    std::vector<std::string> header;
    std::string text;
    std::string rule = "|";
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        header.push_back(cell(table.header[i]));
        rule += i < table.left ? "---|" : "---:|";
    }
    text = table_line(header) + rule + "\n";
    for (const std::vector<std::string>& row : table.rows) {
        std::vector<std::string> cells;
        std::ranges::transform(row, std::back_inserter(cells), cell);
        text += table_line(cells);
    }
    return text;
}

std::string markdown_text(const GroupedResults& run, std::size_t) {
    const Results& results = run.results;
    if (results.rows.empty() && results.verdicts.empty()) {
        return {};
    }
    std::string text = fmt::format("# hypmeter {} on {}\n\nClock: {}.\n\n", cell(results.version),
                                   cell(machine_and_board(results)), cell(results.clock)) +
                       verdicts_table(results) +
                       (results.alone() ? under_section(results) : std::string());
    std::vector<std::string> workloads;
    for (const Row& row : results.rows) {
        if (std::ranges::find(workloads, row.workload) == workloads.end()) {
            workloads.push_back(row.workload);
            text += rows_table(results, row.workload);
        }
    }
    return text;
}

}  // namespace hm::host
