#pragma once
// The words of `flash`: its options, and whether what they hold can be done.

#include <filesystem>

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_flash(CLI::App& app, Words& words);
[[nodiscard]] Options check_flash(const Words& words, const std::filesystem::path& builds);

}  // namespace hm::host
