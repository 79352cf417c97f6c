#include "host/report/boot_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

/// The totals of a mapping by working set, in one size of virtual machine.
using Totals = std::map<std::uint64_t, double>;

constexpr const char* kNoMapping = "none";
constexpr const char* kPremapped = "premapped-4K";
const std::string kNever = "never within ";

bool is_native(const ScenarioRows& scenario) { return scenario.param("mapping") == kNoMapping; }

bool on_demand(const std::string& mapping) {
    return mapping != kNoMapping && !mapping.starts_with("premapped");
}

/// The native boot with the same working set, or null.
const ScenarioRows* native_of(const Scenarios& boots, const ScenarioRows& scenario) {
    const auto found =
        std::find_if(boots.begin(), boots.end(), [&scenario](const ScenarioRows& other) {
            return is_native(other) &&
                   other.number("working_set") == scenario.number("working_set") &&
                   other.number("memory") == scenario.number("memory");
        });
    return found == boots.end() ? nullptr : &*found;
}

/// What HYP executes for a guest that takes no fault: to enter it and to end it. The guest whose
/// memory was mapped before shows it.
std::optional<double> fixed_instructions(const Scenarios& boots, const ScenarioRows& scenario) {
    const auto found =
        std::find_if(boots.begin(), boots.end(), [&scenario](const ScenarioRows& other) {
            return other.param("mapping") == kPremapped &&
                   other.number("working_set") == scenario.number("working_set") &&
                   other.number("memory") == scenario.number("memory");
        });
    return found == boots.end() ? std::nullopt : found->mean("hyp-instructions");
}

std::optional<double> instructions_a_fault(const Scenarios& boots, const ScenarioRows& scenario) {
    const auto instructions = scenario.mean("hyp-instructions");
    const auto faults = scenario.mean("stage2-faults");
    const auto fixed = fixed_instructions(boots, scenario);
    return instructions && faults && fixed && *faults > 0
               ? std::optional((*instructions - *fixed) / *faults)
               : std::nullopt;
}

/// How many different values `key` has.
std::size_t values_of(const Scenarios& boots, const char* key) {
    std::set<std::uint64_t> values;
    for (const ScenarioRows& scenario : boots) {
        values.insert(scenario.number(key));
    }
    return values.size();
}

/// "demand-4K 32 MB of 256 MB", without the numbers that all of `boots` share.
std::string label_of(const Scenarios& boots, const ScenarioRows& scenario) {
    std::string label = is_native(scenario) ? "native" : scenario.param("mapping");
    if (values_of(boots, "working_set") > 1) {
        label += " " + bytes_text(scenario.number("working_set"));
    }
    if (values_of(boots, "memory") > 1) {
        label += " of " + bytes_text(scenario.number("memory"));
    }
    return label;
}

std::string lines_table(const Scenarios& boots, std::size_t width) {
    Table table{
        {"mapping", "prepare", "run", "total", "total/native", "faults", "HYP per fault", "tables"},
        {}};
    for (const ScenarioRows& scenario : boots) {
        const auto tables = scenario.mean("stage2-tables");
        table.rows.push_back(
            {label_of(boots, scenario), cell_text(scenario.mean("prepare")),
             cell_text(scenario.mean("run")), cell_text(scenario.mean("total")),
             ratio_text(scenario.mean("total"), mean_of(native_of(boots, scenario), "total")),
             cell_text(scenario.mean("stage2-faults")),
             cell_text(instructions_a_fault(boots, scenario)),
             tables && *tables > 0 ? bytes_text(static_cast<std::uint64_t>(*tables))
                                   : std::string("-")});
    }
    return render(without_empty_columns(table), width);
}

/// The totals of `mapping` by working set.
Totals totals_of(const Scenarios& boots, const std::string& mapping, std::uint64_t memory) {
    Totals totals;
    for (const ScenarioRows& scenario : boots) {
        const auto total = scenario.mean("total");
        if (total && scenario.param("mapping") == mapping && scenario.number("memory") == memory) {
            totals[scenario.number("working_set")] = *total;
        }
    }
    return totals;
}

/// The working set up to which mapping on demand costs less than mapping before, in words; between
/// two measured ones the totals are interpolated.
std::string break_even(const Totals& demand, const Totals& before) {
    constexpr double kMega = 1024.0 * 1024.0;
    std::optional<std::pair<double, double>> last;  // working set, and how much dearer on demand
    for (const auto& [bytes, total] : demand) {
        const auto other = before.find(bytes);
        if (other == before.end()) {
            continue;
        }
        const auto here = static_cast<double>(bytes);
        const double dearer = total - other->second;
        if (dearer >= 0) {
            return !last ? "at or below " + bytes_text(bytes)
                         : fmt::format("at {:.1f} MB",
                                       (last->first + (here - last->first) * -last->second /
                                                          (dearer - last->second)) /
                                           kMega);
        }
        last = {here, dearer};
    }
    return last ? kNever + bytes_text(demand.rbegin()->first) : std::string();
}

std::string break_even_text(const Scenarios& boots, std::size_t width) {
    const bool several = values_of(boots, "memory") > 1;
    std::set<std::pair<std::string, std::uint64_t>> said;
    std::string text;
    std::map<std::string, std::string> never;  // by how far it was looked
    for (const ScenarioRows& scenario : boots) {
        const std::string mapping = scenario.param("mapping");
        const std::uint64_t memory = scenario.number("memory");
        if (!on_demand(mapping) || !said.insert({mapping, memory}).second) {
            continue;
        }
        const std::string where =
            break_even(totals_of(boots, mapping, memory), totals_of(boots, kPremapped, memory));
        const std::string what = mapping + (several ? " of " + bytes_text(memory) : "");
        if (where.starts_with(kNever)) {
            std::string& names = never[where];
            names += (names.empty() ? "" : ", ") + what;
        } else if (!where.empty()) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, where);
        }
    }
    for (const auto& [where, names] : never) {
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", where, names);
    }
    return text.empty() ? text
                        : wrap(fmt::format("Break-even with {}, by what the guest touches: {}.",
                                           kPremapped, text),
                               width);
}

}  // namespace

std::string boot_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const Scenarios& boots = run.rows.of("boot");
    if (boots.empty()) {
        return {};
    }
    std::uint64_t most = 0;
    for (const ScenarioRows& scenario : boots) {
        most = std::max(most, scenario.number("working_set"));
    }
    Scenarios shown;
    std::copy_if(boots.begin(), boots.end(), std::back_inserter(shown),
                 [&](const ScenarioRows& scenario) {
                     return verbosity == Verbosity::kFull || scenario.number("working_set") == most;
                 });
    const Row* total = boots.front().find("total");
    return wrap(fmt::format("Boot of a guest that touches {}{}, in {}: the monitor prepares, then "
                            "it runs until ready",
                            values_of(shown, "working_set") > 1 ? "up to " : "", bytes_text(most),
                            total != nullptr ? total->unit : boots.front().first().unit),
                width) +
           lines_table(shown, width) +
           (verbosity == Verbosity::kFull
                ? wrap("HYP per fault: instructions, without those that enter and end a guest, "
                       "which one that is mapped before shows.",
                       width)
                : std::string()) +
           break_even_text(boots, width);
}

}  // namespace hm::host
