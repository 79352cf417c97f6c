#include "host/report/layer_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"
#include "host/rows/times.hpp"

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

/// What one case has in a line, and in which unit.
struct LayerMean {
    double value;
    std::string_view unit;
};

struct LayerLine {
    std::string label;
    std::string step;
    std::vector<std::optional<LayerMean>> said;  ///< of each case

    /// What all of it counts.
    [[nodiscard]] std::string_view unit() const {
        const auto any =
            std::ranges::find_if(said, [](const auto& one) { return one.has_value(); });
        return any == said.end() ? std::string_view() : (*any)->unit;
    }
};

class LayerLines {
  public:
    explicit LayerLines(const TimerCases& cases) : cases_(cases) {}

    /// What `of` has for every case; left out if no case has any.
    void add(std::string label, const std::function<std::optional<LayerMean>(const TimerCase&)>& of,
             std::string step = "") {
        LayerLine line{std::move(label), std::move(step), {}};
        std::ranges::transform(cases_, std::back_inserter(line.said), of);
        if (!line.unit().empty()) {
            lines_.push_back(std::move(line));
        }
    }

    /// How many events the layers with a mark have.
    void add(std::string label, const Counts& counts) {
        LayerLine line{std::move(label), "", {}};
        for (const std::optional<double>& count : counts) {
            line.said.push_back(count ? std::optional(LayerMean{*count, kEvents}) : std::nullopt);
        }
        lines_.push_back(std::move(line));
    }

    [[nodiscard]] Table table(const Results& results) const {
        Table table{{"layer (mean)", "step"}, {}, 2};
        const bool mixed = std::ranges::any_of(lines_, [this](const LayerLine& line) {
            return line.unit() != kEvents && line.unit() != lines_.front().unit();
        });
        if (mixed) {
            table.header.emplace_back("unit");
            ++table.left;
        }
        const auto nanoseconds = [&results](const std::optional<LayerMean>& one) {
            return one ? in_nanoseconds(results, one->unit, one->value) : std::nullopt;
        };
        const bool times = std::ranges::any_of(lines_, [&](const LayerLine& line) {
            return std::ranges::any_of(
                line.said, [&](const auto& one) { return nanoseconds(one).has_value(); });
        });
        for (const bool in_time : {false, true}) {
            for (const TimerCase& one : in_time && !times ? TimerCases() : cases_) {
                table.header.push_back(one.delivery() + (in_time ? " ns" : ""));
            }
        }
        for (const LayerLine& line : lines_) {
            std::vector<std::string> cells{line.label, line.step};
            if (mixed) {
                cells.emplace_back(line.unit());
            }
            for (const std::optional<LayerMean>& one : line.said) {
                cells.push_back(cell_text(one ? std::optional(one->value) : std::nullopt));
            }
            for (const std::optional<LayerMean>& one :
                 times ? line.said : std::vector<std::optional<LayerMean>>()) {
                cells.push_back(nanoseconds_text(nanoseconds(one)));
            }
            table.rows.push_back(std::move(cells));
        }
        return table;
    }

  private:
    static constexpr std::string_view kEvents = "events";

    const TimerCases& cases_;
    std::vector<LayerLine> lines_;
};

std::optional<LayerMean> layer_mean(const Row* row) {
    return row == nullptr ? std::nullopt : std::optional(LayerMean{row->mean, row->unit});
}

}  // namespace

std::string layer_table(const Results& results, const TimerCases& cases, std::size_t width) {
    LayerLines lines(cases);
    std::vector<Counts> marks;
    for (const std::string& layer : layers_in_order(cases)) {
        const std::string label = layer + mark_of(partial_counts(cases, layer), marks);
        lines.add(
            label, [&layer](const TimerCase& one) { return layer_mean(layer_of(one, layer)); },
            steps_of(cases, layer));
    }
    for (std::size_t i = 0; i < marks.size(); ++i) {
        lines.add(std::string(i + 1, '*') + " number of events", marks[i]);
    }
    lines.add("unattributed", [](const TimerCase& one) { return layer_mean(one.unattributed); });
    lines.add("end to end, with stamps",
              [](const TimerCase& one) { return layer_mean(one.stamped); });
    lines.add("end to end, without", [](const TimerCase& one) { return layer_mean(one.plain); });
    lines.add("probe effect", [](const TimerCase& one) {
        return one.stamped == nullptr || one.plain == nullptr
                   ? std::nullopt
                   : std::optional(LayerMean{one.stamped->mean - one.plain->mean, one.plain->unit});
    });
    lines.add("HYP to guest vector, over a switch (max)", [](const TimerCase& one) {
        return one.switched_in == nullptr
                   ? std::nullopt
                   : std::optional(LayerMean{one.switched_in->max, one.switched_in->unit});
    });
    return render(lines.table(results), width);
}

}  // namespace hm::host
