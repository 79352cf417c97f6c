#include "host/cli/manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "host/cli/words.hpp"
#include "measure/workload/table.hpp"

namespace hm::host {
namespace {

using Apps = std::vector<const CLI::App*>;

Apps commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option*) { return true; });
}

/// For troff: what it would take for a command or for a hyphen.
std::string escaped(const std::string& text) {
    std::string clean;
    for (const char c : text) {
        clean += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    }
    const bool starts_command = clean.starts_with('.') || clean.starts_with('\'');
    return (starts_command ? "\\&" : "") + clean;
}

/// "--board TEXT", "RUN ..", "-h, --help"
std::string form_of(const CLI::Option& option) {
    std::string form = option.get_name(false, true);
    std::replace(form.begin(), form.end(), ',', ' ');
    const bool flag = option.get_expected_max() == 0;
    if (option.get_positional()) {
        return option.get_name(true) + (option.get_expected_max() > 1 ? " .." : "");
    }
    return form + (flag ? "" : option.get_expected_max() > 1 ? " WORD .." : " WORD");
}

std::string option_text(const CLI::Option& option) {
    const std::string by_default = option.get_default_str();
    return fmt::format(
        ".TP\n\\fB{}\\fR\n{}{}\n", escaped(form_of(option)), escaped(option.get_description()),
        by_default.empty() ? "" : escaped(fmt::format(" (default: {})", by_default)));
}

std::string command_text(const CLI::App& command) {
    std::string text = fmt::format(".SS {}\n{}.\n", escaped(command.get_name()),
                                   escaped(command.get_description()));
    for (const CLI::Option* const option : options_of(command)) {
        text += option_text(*option);
    }
    if (const std::string examples = command.get_footer(); !examples.empty()) {
        text += fmt::format(".PP\n.nf\n{}\n.fi\n", escaped(examples));
    }
    return text;
}

/// The words that an option takes.
struct Choice {
    std::string_view option;
    std::string words;
};

std::vector<Choice> choices() {
    std::string keys;
    for (const measure::KeyInfo& key : measure::kKeys) {
        keys += fmt::format("{}= ", key.name);
    }
    std::vector<Choice> all{{"--board", host::names_of(boards())},
                            {"--suite", host::names_of(measure::kSuites)},
                            {"--only", host::names_of(measure::kWorkloadNames)},
                            {"--format", host::names_of(formats())},
                            {"--machine", forms_of(machines())},
                            {"--clock", "instructions wall"},
                            {"--entry", "hyp secure"},
                            {"--load", "sd loady tftp"},
                            {"--set", keys}};
    for (Choice& choice : all) {
        std::erase(choice.words, ',');
    }
    return all;
}

}  // namespace

std::string manual_text(const CLI::App& app, const std::string& version) {
    std::string text = fmt::format(
        ".TH HYPMETER 1 \"\" \"hypmeter {}\" \"User Commands\"\n"
        ".SH NAME\nhypmeter \\- measure what ARMv7 virtualization costs, layer by layer\n"
        ".SH SYNOPSIS\n.B hypmeter\n\\fICOMMAND\\fR [\\fIOPTION\\fR ..]\n"
        ".SH DESCRIPTION\n{}\n",
        version, escaped(app.get_description()));
    for (const CLI::Option* const option : options_of(app)) {
        text += option_text(*option);
    }
    text += ".SH COMMANDS\n";
    for (const CLI::App* const command : commands_of(app)) {
        text += command_text(*command);
    }
    return text +
           ".SH EXIT STATUS\n"
           "0 if all is well, 1 if a run, a verdict or a rule failed, 2 for bad usage.\n"
           ".SH FILES\n"
           ".TP\n\\fIresults/results.json\\fR\nwhat the last run measured\n"
           ".TP\n\\fIresults/uart.log\\fR\nwhat the target printed\n"
           ".TP\n\\fIbaselines/\\fR\nruns that were saved under a name\n";
}

std::string completion_text(const CLI::App& app) {
    std::vector<std::string> names;
    std::string options;
    for (const CLI::App* const command : commands_of(app)) {
        names.push_back(command->get_name());
        std::vector<std::string> words;
        for (const CLI::Option* const option : options_of(*command)) {
            for (const std::string& name : option->get_lnames()) {
                words.push_back("--" + name);
            }
        }
        const std::string actions = command->get_name() == "baseline" ? " save check" : "";
        options += fmt::format("        {}) words=\"{}{}\" ;;\n", command->get_name(),
                               fmt::join(words, " "), actions);
    }
    std::string values;
    for (const Choice& choice : choices()) {
        values += fmt::format("        {}) words=\"{}\" ;;\n", choice.option, choice.words);
    }
    return fmt::format(
        "# Completion of hypmeter's words for bash; made by `hypmeter completion`.\n"
        "_hypmeter() {{\n"
        "    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} words=\n"
        "    case $before in\n{}    esac\n"
        "    if ((COMP_CWORD == 1)); then\n"
        "        words=\"{} --help --version\"\n"
        "    elif [[ -z $words ]]; then\n"
        "        case ${{COMP_WORDS[1]}} in\n{}        esac\n"
        "    fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
        "    [[ ${{COMPREPLY[0]-}} != *= ]] || compopt -o nospace\n"
        "}}\n"
        "complete -o default -F _hypmeter hypmeter ./hypmeter\n",
        values, fmt::join(names, " "), options);
}

}  // namespace hm::host
