#pragma once
// The words of `run`: its options, and whether what they hold can be done.

#include <filesystem>

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_run(CLI::App& app, Words& words);
[[nodiscard]] Options check_run(const Words& words, const std::filesystem::path& builds,
                                const CLI::App& app);

}  // namespace hm::host
