#include "host/cli/compare_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

void add_rules(CLI::App& command, Words& words) {
    command
        .add_option("--fail-on", words.fail_on,
                    "Exit status 1 if a row breaks this rule: " + rule_forms())
        ->take_all();
    command.add_option("--filter", words.filter,
                       "Only rows whose name this regular expression (ECMAScript) finds");
    command.add_flag("--all", words.all_rows, "Print every row, not only those that differ");
}

/// What `compare` and `baseline check` share, or why not.
std::optional<UsageError> take_rules(const Words& words, CompareOptions& options) {
    for (const std::string& text : words.fail_on) {
        auto rule = parse_rule(text);
        if (!rule) {
            return UsageError{fmt::format("\"{}\" is no rule for --fail-on", printable(text)),
                              rule_forms() + "\n"};
        }
        options.rules.push_back(*std::move(rule));
    }
    options.all = words.all_rows;
    options.filter = words.filter;
    return refuse_filter(words.filter);
}

}  // namespace

CLI::App* add_compare(CLI::App& app, Words& words) {
    CLI::App* compare =
        app.add_subcommand("compare", "Put recorded runs side by side, and say what differs");
    compare
        ->add_option("RUN", words.runs,
                     "Folders or results files; the first is what the others are compared with")
        ->required()
        ->expected(2, 26);
    add_rules(*compare, words);
    compare
        ->add_option("--format", words.format,
                     "Of the table of hypervisors (runs of the guest alone), or of instructions "
                     "beside cycles: " +
                         names_of(hypervisor_formats()))
        ->capture_default_str();
    add_examples(
        *compare,
        {"hypmeter compare before after", "hypmeter compare before after --fail-on \"any>0\"",
         "hypmeter compare native monitor xen --format markdown",
         "hypmeter compare before after --filter \"^timer\" --fail-on \"p99>2%\""});
    return compare;
}

CLI::App* add_baseline(CLI::App& app, Words& words) {
    CLI::App* baseline =
        app.add_subcommand("baseline", "Keep a run under a name, and compare later runs with it");
    baseline->add_option("ACTION", words.action, "save or check")->required();
    baseline->add_option("NAME", words.baseline, "Letters, digits, '.', '_' and '-'")->required();
    baseline->add_option("DIR", words.baseline_run, "Folder of the run")->capture_default_str();
    baseline->add_option("--store", words.store, "Folder of all baselines")->capture_default_str();
    add_rules(*baseline, words);
    add_examples(*baseline, {"hypmeter baseline save good",
                             "hypmeter baseline check good results --fail-on \"mean>1%\""});
    return baseline;
}

Options check_compare(const Words& words) {
    CompareOptions options;
    if (auto refusal = take_rules(words, options)) {
        return *refusal;
    }
    const auto formats = hypervisor_formats();
    const auto format = std::ranges::find(formats, words.format, &HypervisorFormat::name);
    if (format == formats.end()) {
        return UsageError{fmt::format("unknown format \"{}\"", printable(words.format)),
                          fmt::format("formats: {}\n", names_of(formats))};
    }
    options.format = &*format;
    options.runs.assign(words.runs.begin(), words.runs.end());
    return options;
}

Options check_baseline(const Words& words) {
    static const std::regex kName("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
    BaselineOptions options;
    if (auto refusal = take_rules(words, options.compare)) {
        return *refusal;
    }
    if (words.action != "save" && words.action != "check") {
        return UsageError{fmt::format("unknown action \"{}\" of baseline", printable(words.action)),
                          "actions: save, check\n"};
    }
    if (!std::regex_match(words.baseline, kName)) {
        return UsageError{
            fmt::format("\"{}\" cannot name a baseline", printable(words.baseline)),
            "names: up to 100 letters, digits, '.', '_' and '-', the first no '.' or '-'\n"};
    }
    options.save = words.action == "save";
    if (options.save && (!words.fail_on.empty() || !words.filter.empty() || words.all_rows)) {
        return UsageError{"--fail-on, --filter and --all are only for baseline check", ""};
    }
    options.place = std::filesystem::path(words.store) / words.baseline;
    options.compare.runs = {options.place, words.baseline_run};
    return options;
}

}  // namespace hm::host
