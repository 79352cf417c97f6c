#pragma once
// `hypmeter run --under ..`: the guest that comes alone.

#include <CLI/CLI.hpp>

#include "host/cli/words.hpp"

namespace hm::host {

/// Adds --under, with what it can be.
void add_under(CLI::App& run, Words& words);

/// The run that was asked for, or why not.
[[nodiscard]] Options check_under(const Words& words, const std::filesystem::path& builds,
                                  const CLI::App& app);

}  // namespace hm::host
