#include "host/report/parity_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "measure/translation.hpp"

namespace hm::host {
namespace {

/// The ticks of one round of `loop` under `regime`.
std::optional<double> round_of(const Scenarios& scenarios, const std::string& loop,
                               measure::Regime regime) {
    const auto found =
        std::find_if(scenarios.begin(), scenarios.end(), [&](const ScenarioRows& scenario) {
            return scenario.param("loop") == loop && scenario.first().regime == name_of(regime) &&
                   scenario.first().stage2.empty() && scenario.find("round") != nullptr;
        });
    return found == scenarios.end() ? std::nullopt : found->mean("round");
}

}  // namespace

std::string parity_text(const GroupedResults& run, Verbosity, std::size_t width) {
    const Scenarios& scenarios = run.rows.of("parity");
    Table table{{"loop", "native", "stage2", "ratio", "nested", "ratio"}, {}};
    std::string unit;
    for (const ScenarioRows& scenario : scenarios) {
        const std::string loop = scenario.param("loop");
        const bool known = std::any_of(table.rows.begin(), table.rows.end(),
                                       [&loop](const auto& row) { return row[0] == loop; });
        if (known || scenario.find("round") == nullptr) {
            continue;
        }
        unit = scenario.find("round")->unit;
        const auto native = round_of(scenarios, loop, measure::Regime::kNative);
        const auto stage2 = round_of(scenarios, loop, measure::Regime::kStage2);
        const auto nested = round_of(scenarios, loop, measure::Regime::kNested);
        table.rows.push_back({loop, cell_text(native), cell_text(stage2),
                              ratio_text(stage2, native), cell_text(nested),
                              ratio_text(nested, native)});
    }
    return table.rows.empty()
               ? std::string()
               : wrap(fmt::format("CPU parity: a round of a loop that computes, in {}; expected "
                                  "ratio 1.00",
                                  unit),
                      width) +
                     render(without_empty_columns(table), width);
}

}  // namespace hm::host
