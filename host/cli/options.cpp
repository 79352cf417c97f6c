#include "host/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "host/cli/flash_words.hpp"
#include "host/cli/image_words.hpp"
#include "host/cli/predict_words.hpp"
#include "host/cli/report_words.hpp"
#include "host/cli/run_words.hpp"

namespace hm::host {

Options parse_options(std::vector<std::string> arguments, const std::filesystem::path& builds) {
    CLI::App app{"Measures what ARMv7 virtualization costs, layer by layer."};
    app.name("hypmeter");
    app.require_subcommand(1);
    Words words;
    const CLI::App* run = add_run(app, words);
    const CLI::App* list =
        app.add_subcommand("list", "Show workloads, suites and keys with ranges and defaults");
    const CLI::App* image = add_image(app, words);
    add_report(app, words);
    const CLI::App* predict = add_predict(app, words);
    const CLI::App* flash = add_flash(app, words);
    try {
        // CLI11 takes the words from the back of the vector.
        std::reverse(arguments.begin(), arguments.end());
        app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        return Answer{app.help()};
    } catch (const CLI::ParseError& error) {
        std::string line = error.what();
        line = line.substr(0, line.find('\n'));
        return UsageError{line,
                          "`hypmeter --help`, `hypmeter run --help` and `hypmeter list` say "
                          "what is valid.\n"};
    }
    if (list->parsed()) {
        return ListOptions{};
    }
    if (image->parsed()) {
        return check_image(words, builds);
    }
    if (flash->parsed()) {
        return check_flash(words, builds);
    }
    if (predict->parsed()) {
        return check_predict(words);
    }
    return run->parsed() ? check_run(words, builds, *run) : check_report(words);
}

}  // namespace hm::host
