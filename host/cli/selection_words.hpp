#pragma once
// The words that choose scenarios, of `run` and of `list --scenarios`.

#include <optional>
#include <string>
#include <vector>

#include "host/cli/words.hpp"
#include "host/machine/planned.hpp"

namespace hm::host {

/// --suite, --clock, --only, --set and --filter.
void add_selection(CLI::App& app, Words& words);

/// The selection but its filter, or why not. The board is known.
[[nodiscard]] std::optional<UsageError> take_selection(const Words& words, RunOptions& run);

/// The scenarios that are left, with the filter. None is an error.
struct Chosen {
    std::vector<PlannedScenario> scenarios;
    std::optional<UsageError> refusal;
};
[[nodiscard]] Chosen choose(const Words& words, RunOptions& run);

/// One line for each scenario, how many each workload has, and what they should take together.
[[nodiscard]] std::string scenarios_text(const std::vector<PlannedScenario>& scenarios,
                                         std::size_t width);

}  // namespace hm::host
