// Loops that compute: equal in every regime, or something else than translation differs.

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/report/memory_tables.hpp"

namespace hm::host {
namespace {

/// The ticks of one round of `loop` under `regime`.
std::optional<double> round_of(const Runs& runs, const std::string& loop, measure::Regime regime) {
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const Run& run) {
        return run.param("loop") == loop && run.first().regime == name_of(regime) &&
               run.first().stage2.empty() && run.find("round") != nullptr;
    });
    return found == runs.end() ? std::nullopt : found->mean("round");
}

}  // namespace

std::string parity_text(const Results& results, std::size_t width) {
    const Runs runs = runs_of(results.rows, "parity");
    Table table{{"loop", "native", "stage2", "ratio", "nested", "ratio"}, {}};
    std::string unit;
    for (const Run& run : runs) {
        const std::string loop = run.param("loop");
        const bool known = std::any_of(table.rows.begin(), table.rows.end(),
                                       [&loop](const auto& row) { return row[0] == loop; });
        if (known || run.find("round") == nullptr) {
            continue;
        }
        unit = run.find("round")->unit;
        const auto native = round_of(runs, loop, measure::Regime::kNative);
        const auto stage2 = round_of(runs, loop, measure::Regime::kStage2);
        const auto nested = round_of(runs, loop, measure::Regime::kNested);
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
