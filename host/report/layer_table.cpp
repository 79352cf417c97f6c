#include "host/report/layer_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"

namespace hm::host {
namespace {

const Row* layer_of(const TimerCase& one, std::string_view name) {
    const auto found = std::find_if(one.layers.begin(), one.layers.end(),
                                    [name](const Row* row) { return row->layer == name; });
    return found == one.layers.end() ? nullptr : *found;
}

std::vector<std::string> layers_in_order(const TimerCases& cases) {
    std::vector<std::string> names;
    for (const TimerCase& one : cases) {
        for (const Row* row : one.layers) {
            if (std::find(names.begin(), names.end(), row->layer) == names.end()) {
                names.push_back(row->layer);
            }
        }
    }
    sort_layers(names, kWakeUpStamps);
    return names;
}

/// "3, 9": a layer may be one step natively and another as a guest.
std::string steps_of(const TimerCases& cases, std::string_view layer) {
    std::string text;
    std::vector<std::string> seen;
    for (const TimerCase& one : cases) {
        const Row* row = layer_of(one, layer);
        if (row == nullptr || row->steps.empty() ||
            std::find(seen.begin(), seen.end(), row->steps) != seen.end()) {
            continue;
        }
        seen.push_back(row->steps);
        text += (text.empty() ? "" : ", ") + bare_steps(row->steps);
    }
    return text;
}

using Counts = std::vector<std::optional<double>>;

/// How many events each case has in a layer; nothing if every case has all of its events in it.
std::optional<Counts> partial_counts(const TimerCases& cases, std::string_view layer) {
    Counts counts;
    bool partial = false;
    for (const TimerCase& one : cases) {
        const Row* row = layer_of(one, layer);
        counts.push_back(row == nullptr ? std::nullopt
                                        : std::optional(static_cast<double>(row->count)));
        partial = partial ||
                  (row != nullptr && one.stamped != nullptr && row->count != one.stamped->count);
    }
    return partial ? std::optional(counts) : std::nullopt;
}

/// " *", " **": a mark for each set of events that is not all of them.
std::string mark_of(const std::optional<Counts>& counts, std::vector<Counts>& known) {
    if (!counts) {
        return {};
    }
    auto found = std::find(known.begin(), known.end(), *counts);
    if (found == known.end()) {
        found = known.insert(known.end(), *counts);
    }
    return " " + std::string(static_cast<std::size_t>(found - known.begin()) + 1, '*');
}

std::vector<std::string> row_of(std::string label, const Counts& values) {
    std::vector<std::string> cells{std::move(label), ""};
    for (const std::optional<double>& value : values) {
        cells.push_back(cell_text(value));
    }
    return cells;
}

/// A row of `value` for every case, left out if no case has any.
void add_row(Table& table, const TimerCases& cases, const std::string& label,
             const std::function<std::optional<double>(const TimerCase&)>& value) {
    Counts values;
    for (const TimerCase& one : cases) {
        values.push_back(value(one));
    }
    if (std::any_of(values.begin(), values.end(), [](const auto& v) { return v.has_value(); })) {
        table.rows.push_back(row_of(label, values));
    }
}

std::optional<double> mean_of(const Row* row) {
    return row == nullptr ? std::nullopt : std::optional(row->mean);
}

}  // namespace

std::string layer_table(const TimerCases& cases, std::size_t width) {
    Table table{{"layer (mean)", "step"}, {}, 2};
    for (const TimerCase& one : cases) {
        table.header.push_back(one.delivery());
    }
    std::vector<Counts> marks;
    for (const std::string& layer : layers_in_order(cases)) {
        const std::string label = layer + mark_of(partial_counts(cases, layer), marks);
        add_row(table, cases, label,
                [&layer](const TimerCase& one) { return mean_of(layer_of(one, layer)); });
        table.rows.back()[1] = steps_of(cases, layer);
    }
    for (std::size_t i = 0; i < marks.size(); ++i) {
        table.rows.push_back(row_of(std::string(i + 1, '*') + " number of events", marks[i]));
    }
    add_row(table, cases, "unattributed",
            [](const TimerCase& one) { return mean_of(one.unattributed); });
    add_row(table, cases, "end to end, with stamps",
            [](const TimerCase& one) { return mean_of(one.stamped); });
    add_row(table, cases, "end to end, without",
            [](const TimerCase& one) { return mean_of(one.plain); });
    add_row(table, cases, "probe effect", [](const TimerCase& one) {
        return one.stamped == nullptr || one.plain == nullptr
                   ? std::nullopt
                   : std::optional(one.stamped->mean - one.plain->mean);
    });
    add_row(table, cases, "HYP to guest vector, over a switch (max)", [](const TimerCase& one) {
        return one.switched_in == nullptr ? std::nullopt : std::optional(one.switched_in->max);
    });
    return render(table, width);
}

}  // namespace hm::host
