#include "host/report/hypervisor_formats.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/report/csv_format.hpp"
#include "host/report/hypervisor_rows.hpp"
#include "host/report/hypervisor_text.hpp"
#include "host/report/markdown_format.hpp"

namespace hm::host {
namespace {

/// One operation under one hypervisor.
struct HypervisorLine {
    std::string operation;
    std::string under;
    std::string unit;
    std::string base;
    /// By their names.
    std::vector<std::pair<std::string, std::optional<double>>> numbers;
};

std::vector<HypervisorLine> lines_of(const std::vector<Side>& sides, const Comparison& comparison) {
    const HypervisorRows rows = hypervisor_rows(sides, comparison);
    std::vector<HypervisorLine> lines;
    for (const Operation& operation : rows.operations) {
        for (std::size_t side = 0; side < rows.names.size(); ++side) {
            const auto of = [&](std::string_view name) {
                return statistic_of(operation, side, name);
            };
            lines.push_back({operation.name,
                             rows.names[side],
                             operation.row->unit,
                             rows.names[rows.base],
                             {{"mean", of("mean")},
                              {"ratio", rows.ratio(operation, side)},
                              {"p50", of("p50")},
                              {"p95", of("p95")},
                              {"max", of("max")}}});
        }
    }
    return lines;
}

std::string hypervisors_csv(const std::vector<Side>& sides, const Comparison& comparison,
                            std::size_t) {
    std::string text;
    for (const HypervisorLine& line : lines_of(sides, comparison)) {
        std::vector<std::string> header{"operation", "under", "unit", "base"};
        std::vector<std::string> cells{line.operation, line.under, line.unit, line.base};
        for (const auto& [name, value] : line.numbers) {
            header.push_back(name);
            cells.push_back(value ? fmt::format("{}", *value) : std::string());
        }
        text += (text.empty() ? csv_line(header) : "") + csv_line(cells);
    }
    return text;
}

std::string hypervisors_json(const std::vector<Side>& sides, const Comparison& comparison,
                             std::size_t) {
    std::string text;
    for (const HypervisorLine& line : lines_of(sides, comparison)) {
        Json json{{"operation", line.operation},
                  {"under", line.under},
                  {"unit", line.unit},
                  {"base", line.base}};
        for (const auto& [name, value] : line.numbers) {
            json[name] = value ? Json(*value) : Json(nullptr);
        }
        text += (text.empty() ? "[\n  " : ",\n  ") + dump(json);
    }
    return text.empty() ? "[]\n" : text + "\n]\n";
}

std::string hypervisors_markdown(const std::vector<Side>& sides, const Comparison& comparison,
                                 std::size_t) {
    return markdown_table(hypervisors_table(sides, comparison));
}

constexpr std::array<HypervisorFormat, 4> kHypervisorFormats{{{"text", hypervisors_text},
                                                              {"markdown", hypervisors_markdown},
                                                              {"csv", hypervisors_csv},
                                                              {"json", hypervisors_json}}};

}  // namespace

std::span<const HypervisorFormat> hypervisor_formats() { return kHypervisorFormats; }

Table hypervisors_table(const std::vector<Side>& sides, const Comparison& comparison) {
    const std::vector<HypervisorLine> lines = lines_of(sides, comparison);
    Table table{{"operation", "under", "unit"}, {}, 3};
    for (const HypervisorLine& line : lines) {
        table.rows.push_back({line.operation, line.under, line.unit});
        for (const auto& [name, value] : line.numbers) {
            const bool is_ratio = name == "ratio";
            if (table.rows.size() == 1) {
                table.header.push_back(is_ratio ? "x " + line.base : name);
            }
            table.rows.back().push_back(!is_ratio          ? cell_text(value)
                                        : sides.size() > 1 ? ratio_text(value, 1)
                                                           : "-");
        }
    }
    return without_empty_columns(table);
}

Table under_table(const Results& results) {
    const std::vector<Side> sides{{"", {results}}};
    return hypervisors_table(sides, compare(sides, [](const std::string&) { return true; }));
}

}  // namespace hm::host
