#include "host/cli/list_words.hpp"

#include <fmt/format.h>

#include "host/cli/selection_words.hpp"

namespace hm::host {

CLI::App* add_list(CLI::App& app, Words& words) {
    CLI::App* list =
        app.add_subcommand("list", "Show workloads, suites and keys, or what a run would do");
    list->add_flag("--scenarios", words.scenarios,
                   "The scenarios that `run` would run with the same options, and how long they "
                   "should take; nothing is run");
    add_selection(*list, words);
    add_examples(*list, {"hypmeter list", "hypmeter list --scenarios --suite paper --only timer",
                         "hypmeter list --scenarios --filter \"^chase.*order=random\""});
    return list;
}

Options check_list(const Words& words, const CLI::App& list) {
    for (const char* const name : {"--suite", "--clock", "--only", "--set", "--filter"}) {
        if (!words.scenarios && list.get_option(name)->count() > 0) {
            return UsageError{fmt::format("{} is only for list --scenarios", name), ""};
        }
    }
    ListOptions options;
    if (!words.scenarios) {
        return options;
    }
    RunOptions run;
    if (auto refusal = take_selection(words, run)) {
        return *refusal;
    }
    Chosen chosen = choose(words, run);
    if (chosen.refusal) {
        return *chosen.refusal;
    }
    options.scenarios = std::move(chosen.scenarios);
    return options;
}

}  // namespace hm::host
