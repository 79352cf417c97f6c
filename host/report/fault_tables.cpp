#include "host/report/fault_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"
#include "host/report/paper.hpp"
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

void add_line(Table& table, const std::string& label, const std::string& step,
              const Values& values) {
    if (std::none_of(values.begin(), values.end(), [](const Value& v) { return v.has_value(); })) {
        return;
    }
    table.rows.push_back({label, step});
    for (const Value& value : values) {
        table.rows.back().push_back(cell_text(value));
    }
}

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

void add_layers(Table& table, const Group& group) {
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
        add_line(table, name, step,
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

std::string layers_table(const Group& group, std::size_t width) {
    Table table{{"page fault (mean)", "step"}, {}, 2};
    for (const Kind& kind : kKinds) {
        table.header.emplace_back(kind.title);
    }
    add_layers(table, group);
    const auto plain = [&](const char* layer) {
        return values_of(group, [layer](const ScenarioRows* scenario, const ScenarioRows*) {
            return mean_of(scenario, layer);
        });
    };
    add_line(table, "fault, with stamps", "",
             values_of(group, [](const ScenarioRows*, const ScenarioRows* stamped) {
                 return mean_of(stamped, "fault");
             }));
    add_line(table, "fault, without", "", plain("fault"));
    add_line(table, "probe effect", "",
             values_of(group, [](const ScenarioRows* scenario, const ScenarioRows* stamped) {
                 const Value with = mean_of(stamped, "fault");
                 const Value without = mean_of(scenario, "fault");
                 return with && without ? Value(*with - *without) : std::nullopt;
             }));
    // Runs of the first release call the preparing step by what it does.
    const Values prepare = plain("prepare");
    const bool named = std::any_of(prepare.begin(), prepare.end(),
                                   [](const Value& value) { return value.has_value(); });
    add_line(table, "prepare, per page", "", named ? prepare : plain("unmap"));
    add_line(table, "total, without stamps", "", plain("total"));
    add_line(table, "instructions in HYP", "", plain("hyp-instructions"));
    for (const char* stage : {"stage1-faults", "stage2-faults"}) {
        add_line(
            table, fmt::format("stage-{} faults per access", stage[5]), "",
            values_of(group, [stage](const ScenarioRows* scenario, const ScenarioRows* stamped) {
                return faults_of(scenario, stamped, stage);
            }));
    }
    return render(without_empty_columns(table), width);
}

/// A line for each order and batch.
std::string totals_table(const std::vector<Group>& groups, std::size_t width) {
    Table table{{"total, without stamps"}, {}};
    for (const Kind& kind : kKinds) {
        table.header.emplace_back(kind.title);
    }
    for (const Group& group : groups) {
        std::vector<std::string> row{conditions_text(group)};
        for (const ScenarioRows* scenario : group.plain) {
            row.push_back(cell_text(mean_of(scenario, "total")));
        }
        table.rows.push_back(std::move(row));
    }
    return render(without_empty_columns(table), width);
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

/// " Here: x 1.002 to 1.004." for the guest's faults beside the host's, where they can be compared.
std::string ratios_text(const std::vector<paper::Pair>& pairs) {
    if (pairs.empty()) {
        return {};
    }
    const auto [least, most] = std::minmax_element(
        pairs.begin(), pairs.end(),
        [](const auto& one, const auto& other) { return one.ratio() < other.ratio(); });
    const std::string low = fmt::format("{:.3f}", least->ratio());
    const std::string high = fmt::format("{:.3f}", most->ratio());
    return fmt::format(" Here: x {}{}.", low, high == low ? "" : " to " + high);
}

std::string paper_text(const GroupedResults& run, std::size_t width) {
    return wrap(fmt::format("The paper saw no difference, {:.2f} us on its host and {:.2f} us as a "
                            "guest: LMbench's faults are of the guest's own stage 1, (A) and (B). "
                            "(C) comes once a page, mostly while a guest boots.{}",
                            paper::kPageFault.host, paper::kPageFault.guest,
                            ratios_text(beside(paper::kPageFault, run))),
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
                    layers_table(group, width);
        }
    }
    if (verbosity == Verbosity::kFull && groups.size() > 1) {
        text += wrap("By order and batch", width) + totals_table(groups, width);
    }
    return text + (run.results.clock == "emulator" ? "" : paper_text(run, width));
}

}  // namespace hm::host
