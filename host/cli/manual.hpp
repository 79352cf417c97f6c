#pragma once
// What is made of the table of commands and options, beside the parser: the manual page and the
// completion of words in a shell.

#include <CLI/CLI.hpp>
#include <string>

namespace hm::host {

/// hypmeter(1), for man.
[[nodiscard]] std::string manual_text(const CLI::App& app, const std::string& version);

/// A script for bash that completes commands, options and their words.
[[nodiscard]] std::string completion_text(const CLI::App& app);

}  // namespace hm::host
