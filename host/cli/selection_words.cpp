#include "host/cli/selection_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>

#include "host/base/nearest.hpp"
#include "host/base/text.hpp"
#include "host/cli/catalogue.hpp"
#include "host/linux/linux_rows.hpp"
#include "measure/workload/table.hpp"

namespace hm::host {
namespace {

using measure::Key;

const std::map<std::string, ClockSource> kClocks{{"instructions", ClockSource::kInstructions},
                                                 {"wall", ClockSource::kWall}};

constexpr const char* kListHint = "`hypmeter list` shows all keys with their ranges.\n";

std::vector<std::string> key_names() {
    std::vector<std::string> names;
    names.reserve(measure::kKeys.size());
    for (const measure::KeyInfo& key : measure::kKeys) {
        names.emplace_back(key.name);
    }
    return names;
}

/// One word of --set into `values`, or why not.
std::optional<UsageError> take_setting(const std::string& word,
                                       std::map<Key, std::uint32_t>& values) {
    const std::size_t cut = word.find('=');
    if (cut == std::string::npos) {
        return UsageError{
            fmt::format("--set takes KEY=VALUE, and \"{}\" is not of that form", printable(word)),
            kListHint};
    }
    const std::string name = word.substr(0, cut);
    const auto index = measure::index_of(measure::kKeys, name);
    if (!index) {
        const std::string meant = nearest(name, key_names());
        return UsageError{
            fmt::format("unknown key \"{}\" in --set {}{}", printable(name), printable(word),
                        meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
            kListHint};
    }
    const Key key = static_cast<Key>(*index);
    const auto value = measure::parse_value(measure::info(key), word.substr(cut + 1));
    if (!value) {
        return UsageError{fmt::format("\"{}\" is not a valid value for key \"{}\"",
                                      printable(word.substr(cut + 1)), name),
                          key_line(measure::info(key))};
    }
    if (key == Key::kMemory && *value % measure::kMiB != 0) {
        return UsageError{"key \"memory\" takes whole megabytes", key_line(measure::info(key))};
    }
    values[key] = *value;
    return std::nullopt;
}

/// "about 20 s", "about 5 min"
std::string duration_text(double seconds) {
    constexpr double kMinute = 60;
    return seconds < 2 * kMinute ? fmt::format("about {:.0f} s", std::max(1.0, seconds))
                                 : fmt::format("about {:.0f} min", seconds / kMinute);
}

/// Whether the user's hypervisor lacks what the scenario needs.
bool is_lacking(const HypervisorFile& file, const PlannedScenario& scenario) {
    return std::ranges::any_of(file.lacks, [&](const std::string& part) {
        return part == scenario.workload ||
               (part.starts_with("exit=") &&
                scenario.name.find(" " + part + " ") != std::string::npos);
    });
}

}  // namespace

void add_selection(CLI::App& app, Words& words) {
    app.add_option("--suite", words.suite, names_of(measure::kSuites))->capture_default_str();
    app.add_option("--clock", words.clock,
                   "instructions (exact, with icount) or wall (QEMU's own time)")
        ->capture_default_str();
    app.add_option("--only", words.only, "Workloads, with commas between")->delimiter(',');
    app.add_option("--set", words.set, "KEY=VALUE ..; `hypmeter list` shows the keys")->take_all();
    app.add_option("--filter", words.filter,
                   "Only scenarios whose name this regular expression (ECMAScript) finds; "
                   "`hypmeter list --scenarios` shows the names");
}

std::optional<UsageError> take_selection(const Words& words, RunOptions& run) {
    const auto suite = measure::index_of(measure::kSuites, words.suite);
    if (!suite) {
        return UsageError{fmt::format("unknown suite \"{}\"", printable(words.suite)),
                          fmt::format("suites: {}\n", names_of(measure::kSuites))};
    }
    run.suite = static_cast<measure::Suite>(*suite);
    const auto clock = kClocks.find(words.clock);
    if (clock == kClocks.end()) {
        return UsageError{fmt::format("unknown clock \"{}\"", printable(words.clock)),
                          "clocks: instructions, wall\n"};
    }
    run.clock = clock->second;
    for (const std::string& name : words.only) {
        if (!measure::index_of(measure::kWorkloadNames, name)) {
            return UsageError{
                fmt::format("unknown workload \"{}\" in --only", printable(name)),
                fmt::format("workloads: {}; of Linux: {}\n", names_of(measure::kWorkloadNames),
                            names_of(kLinuxWorkloads))};
        }
    }
    run.only = words.only;
    std::map<Key, std::uint32_t> values;
    for (const std::string& word : words.set) {
        if (auto refusal = take_setting(word, values)) {
            return *refusal;
        }
    }
    run.settings.assign(values.begin(), values.end());
    run.filter = words.filter;
    return refuse_filter(words.filter);
}

Chosen choose(const Words& words, RunOptions& run) {
    const std::vector<PlannedScenario> all = planned(run);
    const std::regex filter(words.filter);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if ((words.filter.empty() || std::regex_search(all[i].name, filter)) &&
            !is_lacking(run.under.file, all[i])) {
            places.push_back(i);
        }
    }
    if (!words.filter.empty() || !run.under.file.lacks.empty()) {
        run.pick = places;
    }
    Chosen chosen;
    for (std::size_t i = run.get(Key::kFrom); i < places.size(); ++i) {
        chosen.scenarios.push_back(all[places[i]]);
    }
    if (chosen.scenarios.empty()) {
        chosen.refusal =
            UsageError{"no scenario is left by what was asked for",
                       "`hypmeter list --scenarios` shows what --only, --set and --filter leave\n"};
    }
    return chosen;
}

std::string scenarios_text(const std::vector<PlannedScenario>& scenarios, std::size_t width) {
    Table table{{"scenario", "seconds"}, {}};
    std::vector<std::pair<std::string, std::size_t>> counts;
    double seconds = 0;
    for (const PlannedScenario& scenario : scenarios) {
        table.rows.push_back({scenario.name, fmt::format("{:.1f}", scenario.seconds)});
        seconds += scenario.seconds;
        if (counts.empty() || counts.back().first != scenario.workload) {
            counts.emplace_back(scenario.workload, 0);
        }
        ++counts.back().second;
    }
    std::string text;
    for (const auto& [workload, count] : counts) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", workload, count);
    }
    return render(table, width) +
           wrap(
               fmt::format("{} scenarios ({}), {} under QEMU. A machine skips those that it cannot "
                           "run, and says why.",
                           scenarios.size(), text, duration_text(seconds)),
               width);
}

}  // namespace hm::host
