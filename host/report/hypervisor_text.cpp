#include "host/report/hypervisor_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/report/comparison_text.hpp"
#include "host/report/machine_name.hpp"
#include "host/report/notes.hpp"

namespace hm::host {
namespace {

constexpr std::size_t kSideIndent = 3;

/// What two hypervisors may have different without a word: they are what `under` stands for.
constexpr std::array<std::string_view, 4> kOfHypervisor{"under", "clock_register", "counter_hz",
                                                        "memory_bytes"};
constexpr std::string_view kSaidElsewhere = "suite";

/// "count 200 and 1000": how the settings of two runs differ.
std::string settings_differences(const Results& one, const Results& other) {
    std::string text;
    const auto add = [&](std::string_view name) {
        const std::string mine = one.parameters.text(name);
        const std::string theirs = other.parameters.text(name);
        if (mine != theirs && name != kSaidElsewhere &&
            std::ranges::find(kOfHypervisor, name) == kOfHypervisor.end()) {
            text += fmt::format("{}{} {} and {}", text.empty() ? "" : ", ", name,
                                theirs.empty() ? "-" : theirs, mine.empty() ? "-" : mine);
        }
    };
    for (const auto& [name, value] : one.parameters) {
        add(name);
    }
    for (const auto& [name, value] : other.parameters) {
        if (one.parameters.text(name).empty()) {
            add(name);
        }
    }
    return text;
}

std::string clock_and_source(const Results& results) {
    const std::string source = results.parameters.text("clock_register");
    return results.clock + (source.empty() ? "" : " by " + source);
}

std::string hypervisor_side_text(const std::vector<Side>& sides, const HypervisorRows& rows,
                                 std::size_t index, std::size_t width) {
    const Side& side = sides[index];
    const Results& first = side.first();
    const Results& base = sides[rows.base].first();
    std::string text = fmt::format("{}: {}, under {}: {}, clock {}", letter_of(index), side.name,
                                   rows.names[index], machine_name(first), clock_and_source(first));
    if (side.runs.size() > 1) {
        text += fmt::format(", {} runs", side.runs.size());
    }
    if (!std::ranges::all_of(side.runs, &Results::ok)) {
        text += "; FAILED, its rows may be wrong or missing";
    }
    text = wrap(text, width, kSideIndent);
    const std::string settings = settings_differences(base, first);
    if (!settings.empty()) {
        text += wrap(fmt::format("   Its settings are not those of {}: {}. Rows whose parameters "
                                 "differ stand apart.",
                                 rows.names[rows.base], settings),
                     width, kSideIndent);
    }
    const std::string noted = noted_differences(base, first);
    return noted.empty() ? text
                         : text + wrap(fmt::format("   Against {} it differs in {}.",
                                                   rows.names[rows.base], noted),
                                       width, kSideIndent);
}

/// The unit of all operations, or nothing if they have several.
std::string common_unit(const HypervisorRows& rows) {
    const std::string& first = rows.operations.front().row->unit;
    return std::ranges::all_of(rows.operations,
                               [&first](const Operation& one) { return one.row->unit == first; })
               ? first
               : std::string();
}

/// A block of lines for each operation, with a line for each hypervisor.
std::string operations_text(const HypervisorRows& rows, std::size_t width) {
    if (rows.operations.empty()) {
        return {};
    }
    const bool several = rows.names.size() > 1;
    const std::string unit = common_unit(rows);
    Table table{
        {"operation", "under", "mean", "x " + rows.names[rows.base], "p50", "p95", "max"}, {}, 2};
    for (const Operation& operation : rows.operations) {
        for (std::size_t side = 0; side < rows.names.size(); ++side) {
            const auto cell = [&](std::string_view statistic) {
                return cell_text(statistic_of(operation, side, statistic));
            };
            const std::string what =
                operation.name + (unit.empty() ? ", " + operation.row->unit : "");
            table.rows.push_back({side == 0 ? what : std::string(), rows.names[side], cell("mean"),
                                  several ? ratio_text(rows.ratio(operation, side), 1) : "-",
                                  cell("p50"), cell("p95"), cell("max")});
        }
    }
    return wrap(fmt::format("{}{}", several ? "Hypervisors side by side" : "Under " + rows.names[0],
                            unit.empty() ? "" : ", in " + unit),
                width) +
           render(without_empty_columns(table), width);
}

std::string operations_notes(const HypervisorRows& rows, const Results& base, std::size_t width) {
    std::string text;
    if (rows.names.size() > 1) {
        text += fmt::format("x: ratio of the means to {}. ", rows.names[rows.base]);
    }
    text +=
        "The mean has all that an operation took, also where the hypervisor did something else "
        "meanwhile; p50 is the median. Timers: from the deadline to the application. SGI: until "
        "GICC_IAR returns it, polled.";
    if (base.clock == "instructions") {
        text += " Instructions are counts, not times.";
    }
    return wrap(text, width);
}

std::string ratios_text(const std::optional<std::pair<double, double>>& range) {
    if (!range) {
        return "-";
    }
    const std::string least = ratio_text(range->first, 1);
    const std::string most = ratio_text(range->second, 1);
    return least == most ? least : least + ".." + most;
}

std::string own_work_text(const HypervisorRows& rows, std::size_t width) {
    if (rows.own_work.empty() || rows.names.size() < 2) {
        return {};
    }
    Table table{{"work of the guest's own", "rows"}, {}};
    for (std::size_t side = 0; side < rows.names.size(); ++side) {
        if (side != rows.base) {
            table.header.push_back(rows.names[side]);
        }
    }
    for (const OwnWork& work : rows.own_work) {
        table.rows.push_back({work.name, std::to_string(work.rows)});
        for (std::size_t side = 0; side < rows.names.size(); ++side) {
            if (side != rows.base) {
                table.rows.back().push_back(ratios_text(work.ratios[side]));
            }
        }
    }
    return wrap(fmt::format("What no hypervisor has a part in: ratios to {}, 1.00 expected",
                            rows.names[rows.base]),
                width) +
           render(table, width);
}

/// The layers of one way to wait, hypervisors side by side.
std::string hypervisor_layers_text(const HypervisorRows& rows, const WaitLayers& layers,
                                   std::size_t width) {
    Table table{{"layer (mean)"}, {}};
    table.header.insert(table.header.end(), rows.names.begin(), rows.names.end());
    for (const Operation& layer : layers.layers) {
        table.rows.push_back({layer.name});
        for (std::size_t side = 0; side < rows.names.size(); ++side) {
            table.rows.back().push_back(cell_text(statistic_of(layer, side, "mean")));
        }
    }
    return wrap(fmt::format("Layers of the timer, {}, in {}",
                            layers.wait == "wfi" ? "from WFI" : "spinning",
                            layers.layers.front().row->unit),
                width) +
           render(without_empty_columns(table), width);
}

std::string hypervisor_tables_text(const HypervisorRows& rows, const Results& base,
                                   std::size_t width) {
    std::string text = operations_text(rows, width);
    text += text.empty() ? text : operations_notes(rows, base, width);
    const auto add = [&text](const std::string& table) {
        text += (text.empty() || table.empty() ? "" : "\n") + table;
    };
    add(own_work_text(rows, width));
    for (const WaitLayers& layers : rows.layers) {
        add(hypervisor_layers_text(rows, layers, width));
    }
    return text;
}

}  // namespace

std::string why_apart(const std::vector<Side>& sides) {
    const Results& first = sides.front().first();
    for (std::size_t side = 0; side < sides.size(); ++side) {
        for (const Results& run : sides[side].runs) {
            const std::string clocks = clock_differences(first, run);
            if (!clocks.empty()) {
                return fmt::format("No table of hypervisors, since A and {} differ in {}.",
                                   letter_of(side), clocks);
            }
        }
    }
    return {};
}

std::string hypervisors_text(const std::vector<Side>& sides, const Comparison& comparison,
                             std::size_t width) {
    const HypervisorRows rows = hypervisor_rows(sides, comparison);
    std::string text;
    for (std::size_t side = 0; side < sides.size(); ++side) {
        text += hypervisor_side_text(sides, rows, side, width);
    }
    text += "\n" + hypervisor_tables_text(rows, sides[rows.base].first(), width);
    for (std::size_t side = 0; side < sides.size(); ++side) {
        const std::string skipped =
            not_run_text(sides[side].first(), "Not run under " + rows.names[side], width);
        text += (skipped.empty() ? "" : "\n") + skipped;
    }
    return text;
}

std::string under_text(const GroupedResults& run, Verbosity, std::size_t width) {
    if (!run.results.alone()) {
        return {};
    }
    const std::vector<Side> sides{{"", {run.results}}};
    const Comparison comparison = compare(sides, [](const std::string&) { return true; });
    return hypervisor_tables_text(hypervisor_rows(sides, comparison), run.results, width);
}

}  // namespace hm::host
