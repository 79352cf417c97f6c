#include "host/report/matrix_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "host/base/text.hpp"
#include "host/rows/chase_cells.hpp"
#include "measure/guest_abi.hpp"

namespace hm::host {
namespace {

using CellText = std::function<std::string(const Cell&)>;

std::string stage2_name(measure::Stage2 stage2) {
    return stage2 == measure::Stage2::kOff ? "none" : std::string(name_of(stage2));
}

std::string stage1_name(measure::Stage1 stage1) {
    return stage1 == measure::Stage1::kOff ? "none" : std::string(name_of(stage1));
}

std::string predicted_reads(const Cell& cell) {
    return cell.prediction ? reads_text(*cell.prediction) : std::string("-");
}

/// Stage 1 downwards, stage 2 across.
std::string pivot(const Cells& cells, const CellText& say, std::size_t width) {
    Table table{{"stage 1"}, {}};
    for (std::size_t i = 0; i < measure::kStage2Names.size(); ++i) {
        table.header.push_back("stage 2 " + stage2_name(static_cast<measure::Stage2>(i)));
    }
    for (std::size_t i = 0; i < measure::kStage1Names.size(); ++i) {
        const auto stage1 = static_cast<measure::Stage1>(i);
        std::vector<std::string> row(table.header.size(), "-");
        row[0] = stage1_name(stage1);
        for (const Cell& cell : cells) {
            if (cell.translation.stage1 == stage1) {
                row[1 + static_cast<std::size_t>(cell.translation.stage2)] = say(cell);
            }
        }
        if (std::any_of(row.begin() + 1, row.end(), [](const auto& said) { return said != "-"; })) {
            table.rows.push_back(std::move(row));
        }
    }
    return table.rows.empty() ? std::string() : render(without_empty_columns(table), width);
}

/// One line a cell.
std::string list(const Cells& cells, const std::vector<std::pair<std::string, CellText>>& columns,
                 std::size_t width) {
    Table table{{"stage 1", "stage 2"}, {}, 2};
    for (const auto& [title, say] : columns) {
        table.header.push_back(title);
    }
    for (const Cell& cell : cells) {
        table.rows.push_back(
            {stage1_name(cell.translation.stage1), stage2_name(cell.translation.stage2)});
        for (const auto& [title, say] : columns) {
            table.rows.back().push_back(say(cell));
        }
    }
    return render(without_empty_columns(table), width);
}

std::string measured_list(const Results& results, const Cells& cells, std::size_t width) {
    std::vector<std::pair<std::string, CellText>> columns{
        {"load", [](const Cell& cell) { return cell_text(mean_of(cell.load, "load")); }},
        {"floor", [](const Cell& cell) { return cell_text(mean_of(cell.floor, "load")); }}};
    if (results.clock != "instructions") {
        columns.emplace_back("a miss", [](const Cell& cell) { return cell_text(cell.miss()); });
        columns.emplace_back("in ns", [&results](const Cell& cell) {
            return cell_text(in_nanoseconds(results, cell.miss()));
        });
    }
    for (const std::string_view event : measure::kEventNames) {
        columns.emplace_back(
            event, [event](const Cell& cell) { return cell_text(mean_of(cell.load, event)); });
    }
    return list(cells, columns, width);
}

std::string predicted_list(const Cells& cells, std::size_t width) {
    const auto count = [](auto field) -> CellText {
        return [field](const Cell& cell) {
            return cell.prediction ? number_text(static_cast<double>((*cell.prediction).*field))
                                   : std::string("-");
        };
    };
    const auto bytes = [](std::uint64_t Prediction::*field) -> CellText {
        return [field](const Cell& cell) {
            return cell.prediction ? bytes_text((*cell.prediction).*field) : std::string("-");
        };
    };
    const auto measured = [](const char* layer) -> CellText {
        return [layer](const Cell& cell) {
            const std::optional<double> taken = mean_of(cell.load, layer);
            return taken ? bytes_text(static_cast<std::uint64_t>(*taken)) : std::string("-");
        };
    };
    return list(cells,
                {{"reads", predicted_reads},
                 {"formula", count(&Prediction::formula)},
                 {"lines", count(&Prediction::lines)},
                 {"of stage 1", count(&Prediction::stage1_lines)},
                 {"of stage 2", count(&Prediction::stage2_lines)},
                 {"tables 1", bytes(&Prediction::stage1_table_bytes)},
                 {"has", measured("stage1-tables")},
                 {"tables 2", bytes(&Prediction::stage2_table_bytes)},
                 {"has", measured("stage2-tables")}},
                width);
}

std::string where_text(const Cells& cells) {
    return fmt::format("one line per page of {}", bytes_text(cells.front().load->number("bytes")));
}

/// The most important table: the cost of a miss, or only its reads if the machine models no time.
std::string summary(const Results& results, const Cells& cells, bool predicted, std::size_t width) {
    const bool missed = results.clock != "instructions" &&
                        std::any_of(cells.begin(), cells.end(),
                                    [](const Cell& cell) { return cell.miss().has_value(); });
    if (missed) {
        const std::string unit = cells.front().load->find("load")->unit;
        const auto say = [](const Cell& cell) {
            return fmt::format("{} ({})", cell_text(cell.miss()), predicted_reads(cell));
        };
        return wrap(fmt::format("A TLB miss by the tables of both stages, in {}, and in brackets "
                                "how many descriptors its walk reads, as predicted: {}",
                                unit.substr(0, unit.find('/')), where_text(cells)),
                    width) +
               pivot(cells, say, width);
    }
    return predicted ? wrap("Descriptors that a TLB miss reads, as predicted, by both stages: " +
                                where_text(cells),
                            width) +
                           pivot(cells, predicted_reads, width)
                     : std::string();
}

}  // namespace

std::string matrix_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const Results& results = run.results;
    const Cells cells = matrix_of(run.rows.of("chase"));
    if (cells.empty()) {
        return {};
    }
    const bool predicted = std::any_of(
        cells.begin(), cells.end(), [](const Cell& cell) { return cell.prediction.has_value(); });
    if (verbosity == Verbosity::kSummary) {
        return summary(results, cells, predicted, width);
    }
    std::string text =
        wrap(fmt::format("The tables of both stages, in {}: {}; floor: the same through blocks of "
                         "2 MB in each stage",
                         cells.front().load->find("load")->unit, where_text(cells)),
             width) +
        measured_list(results, cells, width);
    if (!predicted) {
        return text;
    }
    return text +
           wrap(
               "The same as predicted. reads: descriptors that the walk of a miss reads; formula: "
               "(n + 1)(m + 1) - 1 for n levels of stage 1 and m of stage 2; lines: of the cache, "
               "that hold the descriptors of the whole chase; tables: memory that they take, and "
               "has: what they took, the guest's own image mapped too",
               width) +
           predicted_list(cells, width);
}

}  // namespace hm::host
