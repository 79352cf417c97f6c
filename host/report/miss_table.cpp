#include "host/report/miss_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/rows/chase_cells.hpp"
#include "measure/guest_abi.hpp"

namespace hm::host {
namespace {

using Value = std::optional<double>;

/// The plain cell of each regime.
struct Regimes {
    Cell native;
    std::optional<Cell> stage2;
    Cell nested;
};

/// One line: the value of each regime, what the nested one has more, and its ratio to native.
template <class ValueOf>
void add_line(Table& table, const Regimes& regimes, const std::string& label, ValueOf value_of,
              bool ratio) {
    const Value native = value_of(regimes.native);
    const Value stage2 = regimes.stage2 ? value_of(*regimes.stage2) : std::nullopt;
    const Value nested = value_of(regimes.nested);
    if (!native && !stage2 && !nested) {
        return;
    }
    const Value more = native && nested ? Value(*nested - *native) : std::nullopt;
    table.rows.push_back({label, cell_text(native), cell_text(stage2), cell_text(nested),
                          cell_text(more), ratio ? ratio_text(nested, native) : std::string("-")});
}

void add_predictions(Table& table, const Regimes& regimes) {
    const auto predicted = [](auto value_of) {
        return [value_of](const Cell& cell) {
            return cell.prediction ? Value(static_cast<double>(value_of(*cell.prediction)))
                                   : std::nullopt;
        };
    };
    add_line(table, regimes, "descriptors read, predicted",
             predicted([](const Prediction& p) { return p.reads.max; }), false);
    add_line(table, regimes, "lines of descriptors, predicted",
             predicted([](const Prediction& p) { return p.lines; }), false);
}

std::string regimes_table(const Results& results, const Regimes& regimes, std::size_t width) {
    Table table{{"one line per page of " + bytes_text(regimes.native.load->number("bytes")),
                 "(A) native", "(C) alone", "(B)+(C) nested", "more", "ratio"},
                {}};
    const auto layer = [](std::string_view name) {
        return [name](const Cell& cell) { return mean_of(cell.load, name); };
    };
    const auto miss = [](const Cell& cell) { return cell.miss(); };
    const auto nanoseconds = [&results](auto value_of) {
        return [&results, value_of](const Cell& cell) {
            return in_nanoseconds(results, value_of(cell));
        };
    };
    add_line(table, regimes, "load, " + regimes.native.load->find("load")->unit, layer("load"),
             true);
    if (results.clock != "instructions") {
        add_line(
            table, regimes, "floor", [](const Cell& cell) { return mean_of(cell.floor, "load"); },
            true);
        add_line(table, regimes, "a miss", miss, true);
        add_line(table, regimes, "load, ns", nanoseconds(layer("load")), true);
        add_line(table, regimes, "a miss, ns", nanoseconds(miss), true);
    }
    for (const std::string_view event : measure::kEventNames) {
        add_line(table, regimes, fmt::format("{} per load", event), layer(event), false);
    }
    add_predictions(table, regimes);
    add_line(table, regimes, "bytes of stage-1 tables", layer("stage1-tables"), false);
    add_line(table, regimes, "bytes of stage-2 tables", layer("stage2-tables"), false);
    return render(without_empty_columns(table), width);
}

std::string uncounted_text(const Results& results, std::size_t width) {
    std::string missing;
    std::size_t count = 0;
    for (const std::string_view event : measure::kEventNames) {
        if (std::find(results.pmu_events.begin(), results.pmu_events.end(), event) ==
            results.pmu_events.end()) {
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", event);
            ++count;
        }
    }
    return count == 0 ? std::string()
           : count == measure::kEventNames.size()
               ? wrap("This machine's PMU does not count TLB or cache refills.", width)
               : wrap(fmt::format("This machine's PMU does not count {}.", missing), width);
}

}  // namespace

std::string misses_text(const GroupedResults& run, Verbosity, std::size_t width) {
    const Results& results = run.results;
    const Scenarios& chases = run.rows.of("chase");
    const std::uint64_t bytes =
        largest_in_all(chases, {measure::kPlainNative, measure::kPlainNested});
    const auto native = cell_at(chases, measure::kPlainNative, bytes);
    const auto nested = cell_at(chases, measure::kPlainNested, bytes);
    if (!native || !nested) {
        return {};
    }
    const Regimes regimes{*native, cell_at(chases, measure::kPlainStage2, bytes), *nested};
    std::string text =
        wrap("A TLB miss by regime: (A) stage 1 natively, (C) stage 2 alone, (B)+(C) both", width) +
        regimes_table(results, regimes, width);
    if (results.clock != "instructions") {
        text += wrap(
            "floor: the same lines in the same order through blocks of 2 MB, which the L2 TLB "
            "holds; a "
            "miss: load - floor. On a Cortex-A15 both miss the L1 TLB, which holds granules of 4 "
            "KB "
            "only (some 12 cycles).",
            width);
    }
    return text + uncounted_text(results, width);
}

}  // namespace hm::host
