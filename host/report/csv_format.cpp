#include "host/report/csv_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "host/report/machine_name.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

using Texts = std::vector<std::string>;

/// A number as programs read it: the shortest text that gives it back.
std::string exact_text(double value) { return fmt::format("{}", value); }

std::string optional_text(const std::optional<double>& value) {
    return value ? exact_text(*value) : std::string();
}

/// The names of the parameters of all rows, in the order in which they first come.
Texts names_of_params(const std::vector<Row>& rows) {
    Texts names;
    for (const Row& row : rows) {
        for (const auto& [name, value] : row.params) {
            if (std::ranges::find(names, name) == names.end()) {
                names.push_back(name);
            }
        }
    }
    return names;
}

}  // namespace

std::string csv_line(const std::vector<std::string>& cells) {
    std::string line;
    for (const std::string& cell : cells) {
        line += line.empty() && &cell == &cells.front() ? "" : ",";
        if (cell.find_first_of(",\"\n") == std::string::npos) {
            line += cell;
            continue;
        }
        line += '"';
        for (const char c : cell) {
            line.append(c == '"' ? 2 : 1, c);
        }
        line += '"';
    }
    return line + "\n";
}

std::string csv_text(const GroupedResults& run, std::size_t) {
    const std::vector<Row>& rows = run.results.rows;
    if (rows.empty()) {
        return {};
    }
    const Texts params = names_of_params(rows);
    Texts header{"version", "board", "machine", "clock"};
    Texts of_run{run.results.version, run.results.board, machine_name(run.results),
                 run.results.clock};
    if (run.results.alone()) {
        header.emplace_back("under");
        of_run.push_back(run.results.parameters.text("under"));
    }
    for (const char* const name : {"workload", "regime", "stage2", "delivery"}) {
        header.emplace_back(name);
    }
    // Some have the names of columns.
    for (const std::string& name : params) {
        header.push_back("param." + name);
    }
    for (const char* const name :
         {"layer", "steps", "unit", "count", "min", "mean", "p50", "p95", "p99", "p999", "max"}) {
        header.emplace_back(name);
    }
    const bool timed = in_nanoseconds(run.results, kCycles, 1).has_value();
    if (timed) {
        header.emplace_back("mean_ns");
    }
    std::string text = csv_line(header);
    for (const Row& row : rows) {
        Texts cells = of_run;
        cells.insert(cells.end(), {row.workload, row.regime, row.stage2, row.delivery});
        for (const std::string& name : params) {
            cells.push_back(row.param(name));
        }
        for (std::string cell :
             {row.layer, row.steps, row.unit, std::to_string(row.count), exact_text(row.min),
              exact_text(row.mean), optional_text(row.p50), optional_text(row.p95),
              optional_text(row.p99), optional_text(row.p999), exact_text(row.max)}) {
            cells.push_back(std::move(cell));
        }
        if (timed) {
            cells.push_back(optional_text(in_nanoseconds(run.results, row.unit, row.mean)));
        }
        text += csv_line(cells);
    }
    return text;
}

}  // namespace hm::host
