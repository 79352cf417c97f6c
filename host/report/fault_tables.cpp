#include "host/report/fault_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"
#include "host/report/machine_name.hpp"
#include "host/report/paper.hpp"
#include "host/rows/times.hpp"
#include "measure/translation.hpp"

namespace hm::host {
namespace {

struct Kind {
    std::string_view title;
    std::string_view faults;
    measure::Regime regime;
};
constexpr std::array<Kind, 5> kKinds{{{"(A) native", "stage1", measure::Regime::kNative},
                                      {"(B) guest", "stage1", measure::Regime::kNested},
                                      {"(C) guest", "stage2", measure::Regime::kNested},
                                      {"(C) alone", "stage2", measure::Regime::kStage2},
                                      {"(B)+(C)", "both", measure::Regime::kNested}}};

using Value = std::optional<double>;
using Values = std::array<Value, kKinds.size()>;

/// The runs of one order and batch, with stamps and without, in the order of kKinds; null where
/// nothing was measured.
struct Group {
    Params conditions;
    std::array<const ScenarioRows*, kKinds.size()> plain{};
    std::array<const ScenarioRows*, kKinds.size()> stamped{};

    [[nodiscard]] bool has_stamps() const {
        return std::any_of(stamped.begin(), stamped.end(),
                           [](const ScenarioRows* scenario) { return scenario != nullptr; });
    }
};

/// The column that a run belongs to, if any. Runs of the first release only took stage 1's faults.
std::optional<std::size_t> kind_of(const ScenarioRows& scenario) {
    const std::string said = scenario.param("faults");
    const std::string_view faults = said.empty() ? std::string_view("stage1") : said;
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
        return kind.faults == faults && name_of(kind.regime) == scenario.first().regime;
    });
    return found == kKinds.end() || !scenario.first().stage2.empty()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - kKinds.begin()));
}

std::vector<Group> groups_of(const Scenarios& scenarios) {
    std::vector<Group> groups;
    for (const ScenarioRows& scenario : scenarios) {
        const auto kind = kind_of(scenario);
        if (!kind) {
            continue;
        }
        Params conditions = scenario.first().params;
        conditions.erase("faults");
        conditions.erase("stage1");  // the regime says it
        conditions.erase("stamps");
        auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& known) {
            return known.conditions == conditions;
        });
        if (group == groups.end()) {
            group = groups.insert(groups.end(), Group{conditions, {}, {}});
        }
        (scenario.param("stamps") == "1" ? group->stamped : group->plain)[*kind] = &scenario;
    }
    return groups;
}

std::string conditions_text(const Group& group) {
    std::string text;
    for (const auto& [key, value] : group.conditions) {
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", key, text_of(value));
    }
    return text;
}

/// The header of a column for each kind, and of one in nanoseconds, which is empty where they are
/// not known.
void add_kinds(Table& table) {
    for (const char* const unit : {"", " ns"}) {
        for (const Kind& kind : kKinds) {
            table.header.push_back(std::string(kind.title) + unit);
        }
    }
}

/// The cells below them: nanoseconds if the values count `unit`, and that is a time.
void add_cells(std::vector<std::string>& cells, const Values& values, const Results& results,
               std::string_view unit) {
    for (const Value& value : values) {
        cells.push_back(cell_text(value));
    }
    for (const Value& value : values) {
        cells.push_back(nanoseconds_text(in_nanoseconds(results, unit, value)));
    }
}

/// A table whose lines have values of one unit, unless they say another.
struct KindTable {
    const Results& results;
    std::string unit;
    bool times;  ///< with nanoseconds: a summary has them in its answer
    Table table{{"page fault (mean)", "step"}, {}, 2};

    void add(const std::string& label, const std::string& step, const Values& values) {
        add_other(label, step, values, unit);
    }
    void add_other(const std::string& label, const std::string& step, const Values& values,
                   std::string_view its_unit) {
        if (std::ranges::any_of(values, [](const Value& v) { return v.has_value(); })) {
            table.rows.push_back({label, step});
            add_cells(table.rows.back(), values, results, times ? its_unit : std::string_view());
        }
    }
};

/// A line of what `value_of` makes of each column's runs.
Values values_of(
    const Group& group,
    const std::function<Value(const ScenarioRows* plain, const ScenarioRows* stamped)>& value_of) {
    Values values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = value_of(group.plain[i], group.stamped[i]);
    }
    return values;
}

void add_layers(KindTable& table, const Group& group) {
    std::vector<std::string> names;
    std::vector<std::pair<std::string, std::string>> steps;  // layer, steps
    for (const ScenarioRows* scenario : group.stamped) {
        for (const Row* row : scenario != nullptr ? scenario->rows : std::vector<const Row*>()) {
            if (row->layer.find("..") == std::string::npos) {
                continue;
            }
            if (std::find(names.begin(), names.end(), row->layer) == names.end()) {
                names.push_back(row->layer);
            }
            const std::pair step{row->layer, bare_steps(row->steps)};
            if (!step.second.empty() &&
                std::find(steps.begin(), steps.end(), step) == steps.end()) {
                steps.push_back(step);
            }
        }
    }
    sort_layers(names, kFaultStamps);
    for (const std::string& name : names) {
        std::string step;
        for (const auto& [layer, said] : steps) {
            step += layer == name ? (step.empty() ? "" : ", ") + said : "";
        }
        table.add(name, step,
                  values_of(group, [&name](const ScenarioRows*, const ScenarioRows* stamped) {
                      return mean_of(stamped, name);
                  }));
    }
}

/// How often an access faults in `stage`, of the plain scenario if there is one.
Value faults_of(const ScenarioRows* plain, const ScenarioRows* stamped, std::string_view layer) {
    const ScenarioRows* scenario = plain != nullptr ? plain : stamped;
    const Value faults = mean_of(scenario, layer);
    const double accesses =
        scenario == nullptr
            ? 0
            : static_cast<double>(scenario->number("pages") * scenario->number("rounds"));
    return faults && accesses > 0 ? Value(*faults / accesses) : std::nullopt;
}

std::string unit_of(const Group& group) {
    for (const auto& scenarios : {group.stamped, group.plain}) {
        for (const ScenarioRows* scenario : scenarios) {
            for (const Row* row :
                 scenario != nullptr ? scenario->rows : std::vector<const Row*>()) {
                if (row->layer == "fault" || row->layer == "total") {
                    return row->unit;
                }
            }
        }
    }
    return "ticks";
}

std::string layers_table(const Results& results, const Group& group, Verbosity verbosity,
                         std::size_t width) {
    KindTable table{results, unit_of(group), verbosity == Verbosity::kFull};
    add_kinds(table.table);
    add_layers(table, group);
    const auto plain = [&](const char* layer) {
        return values_of(group, [layer](const ScenarioRows* scenario, const ScenarioRows*) {
            return mean_of(scenario, layer);
        });
    };
    table.add("fault, with stamps", "",
              values_of(group, [](const ScenarioRows*, const ScenarioRows* stamped) {
                  return mean_of(stamped, "fault");
              }));
    table.add("fault, without", "", plain("fault"));
    table.add("probe effect", "",
              values_of(group, [](const ScenarioRows* scenario, const ScenarioRows* stamped) {
                  const Value with = mean_of(stamped, "fault");
                  const Value without = mean_of(scenario, "fault");
                  return with && without ? Value(*with - *without) : std::nullopt;
              }));
    // Runs of the first release call the preparing step by what it does.
    const Values prepare = plain("prepare");
    const bool named = std::any_of(prepare.begin(), prepare.end(),
                                   [](const Value& value) { return value.has_value(); });
    table.add("prepare, per page", "", named ? prepare : plain("unmap"));
    table.add("total, without stamps", "", plain("total"));
    table.add_other("instructions in HYP", "", plain("hyp-instructions"), "instructions");
    for (const char* stage : {"stage1-faults", "stage2-faults"}) {
        table.add_other(
            fmt::format("stage-{} faults per access", stage[5]), "",
            values_of(group,
                      [stage](const ScenarioRows* scenario, const ScenarioRows* stamped) {
                          return faults_of(scenario, stamped, stage);
                      }),
            "faults");
    }
    return render(without_empty_columns(table.table), width);
}

/// A line for each order and batch.
std::string totals_table(const Results& results, const std::vector<Group>& groups,
                         std::size_t width) {
    Table table{{"total, without stamps"}, {}};
    add_kinds(table);
    for (const Group& group : groups) {
        table.rows.push_back({conditions_text(group)});
        add_cells(table.rows.back(),
                  values_of(group, [](const ScenarioRows* scenario,
                                      const ScenarioRows*) { return mean_of(scenario, "total"); }),
                  results, unit_of(group));
    }
    return render(without_empty_columns(table), width);
}

/// " On Arndale (Exynos 5250): x 1.002 to 1.004." for the guest's faults beside the host's, where
/// they can be compared.
std::string ratios_text(const Results& results, const std::vector<paper::Pair>& pairs) {
    if (pairs.empty()) {
        return {};
    }
    const auto [least, most] = std::minmax_element(
        pairs.begin(), pairs.end(),
        [](const auto& one, const auto& other) { return one.ratio() < other.ratio(); });
    const std::string low = fmt::format("{:.3f}", least->ratio());
    const std::string high = fmt::format("{:.3f}", most->ratio());
    return fmt::format(" On {}: x {}{}.", machine_name(results), low,
                       high == low ? "" : " to " + high);
}

std::string paper_text(const GroupedResults& run, std::size_t width) {
    return wrap(
        fmt::format(
            "The paper's Arndale: {:.2f} us as a host, {:.2f} us as a guest. LMbench's faults "
            "are of stage 1, (A) and (B); (C) comes once a page, mostly while a "
            "guest boots.{}",
            paper::kPageFault.host, paper::kPageFault.guest,
            ratios_text(run.results, beside(paper::kPageFault, run))),
        width);
}

}  // namespace

std::string faults_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const std::vector<Group> groups = groups_of(run.rows.of("pagefault"));
    if (groups.empty()) {
        return {};
    }
    const auto stamped = std::find_if(groups.begin(), groups.end(),
                                      [](const Group& group) { return group.has_stamps(); });
    const Group& main = stamped != groups.end() ? *stamped : groups.front();
    std::string text = wrap(
        "Page faults: (A) native, (B) a guest's stage 1, (C) its stage 2 "
        "(alone: stage 1 off), (B)+(C) both",
        width);
    for (const Group& group : groups) {
        if (&group == &main || (verbosity == Verbosity::kFull && group.has_stamps())) {
            text += wrap(fmt::format("{}, in {}", conditions_text(group), unit_of(group)), width) +
                    layers_table(run.results, group, verbosity, width);
        }
    }
    if (verbosity == Verbosity::kFull && groups.size() > 1) {
        text += wrap("By order and batch", width) + totals_table(run.results, groups, width);
    }
    return text + (run.results.clock == "emulator" ? "" : paper_text(run, width));
}

}  // namespace hm::host
