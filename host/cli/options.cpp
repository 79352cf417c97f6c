#include "host/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "host/base/nearest.hpp"
#include "host/base/text.hpp"
#include "host/cli/compare_words.hpp"
#include "host/cli/flash_words.hpp"
#include "host/cli/guest_words.hpp"
#include "host/cli/image_words.hpp"
#include "host/cli/list_words.hpp"
#include "host/cli/manual.hpp"
#include "host/cli/predict_words.hpp"
#include "host/cli/report_words.hpp"
#include "host/cli/run_words.hpp"
#include "version.hpp"

namespace hm::host {

namespace {

/// All commands; the table from which the manual and the completion are made too.
struct Commands {
    explicit Commands(Words& words)
        : run(add_run(app, words)),
          report(add_report(app, words)),
          compare(add_compare(app, words)),
          baseline(add_baseline(app, words)),
          list(add_list(app, words)),
          predict(add_predict(app, words)),
          image(add_image(app, words)),
          flash(add_flash(app, words)),
          guest(add_guest(app, words)),
          manual(app.add_subcommand("manual", "Print the manual page, for man")),
          completion(app.add_subcommand("completion", "Print what completes words in bash")) {
        app.name("hypmeter");
        app.require_subcommand(1);
        app.set_version_flag("--version", std::string("hypmeter ") + kVersion);
        app.footer("`hypmeter COMMAND --help` has the options of a command, and examples.");
        add_examples(*manual, {"hypmeter manual | man -l -"});
        add_examples(*completion, {"source <(hypmeter completion)"});
    }

    CLI::App app{"Measures what ARMv7 virtualization costs, layer by layer."};
    CLI::App* run;
    CLI::App* report;
    CLI::App* compare;
    CLI::App* baseline;
    CLI::App* list;
    CLI::App* predict;
    CLI::App* image;
    CLI::App* flash;
    CLI::App* guest;
    CLI::App* manual;
    CLI::App* completion;
};

/// What the parser refuses, with what was meant where that can be guessed.
UsageError refusal_of(const CLI::ParseError& error, const Commands& commands,
                      const std::string& first) {
    std::string line = error.what();
    line = printable(line.substr(0, line.find('\n')));
    std::vector<std::string> names;
    for (const CLI::App* const command :
         commands.app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    const bool is_command = std::find(names.begin(), names.end(), first) != names.end();
    const std::string meant = is_command || first.starts_with('-') ? "" : nearest(first, names);
    if (!is_command && !first.empty() && !first.starts_with('-')) {
        line = fmt::format("unknown command \"{}\"{}", printable(first),
                           meant.empty() ? "" : "; did you mean \"" + meant + "\"?");
    }
    return {line,
            "`hypmeter --help`, `hypmeter run --help` and `hypmeter list` say "
            "what is valid.\n"};
}

}  // namespace

Options parse_options(std::vector<std::string> arguments, const std::filesystem::path& builds) {
    Words words;
    Commands commands(words);
    const std::string first = arguments.empty() ? std::string() : arguments.front();
    try {
        // CLI11 takes the words from the back of the vector.
        std::reverse(arguments.begin(), arguments.end());
        commands.app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        return Answer{commands.app.help()};
    } catch (const CLI::CallForVersion& version) {
        return Answer{std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
        return refusal_of(error, commands, first);
    }
    if (commands.manual->parsed()) {
        return Answer{manual_text(commands.app, kVersion)};
    }
    if (commands.completion->parsed()) {
        return Answer{completion_text(commands.app)};
    }
    if (commands.list->parsed()) {
        return check_list(words, *commands.list);
    }
    if (commands.image->parsed()) {
        return check_image(words, builds);
    }
    if (commands.flash->parsed()) {
        return check_flash(words, builds);
    }
    if (commands.guest->parsed()) {
        return check_guest(words, builds);
    }
    if (commands.compare->parsed()) {
        return check_compare(words);
    }
    if (commands.baseline->parsed()) {
        return check_baseline(words);
    }
    if (commands.predict->parsed()) {
        return check_predict(words);
    }
    return commands.run->parsed() ? check_run(words, builds, *commands.run) : check_report(words);
}

}  // namespace hm::host
