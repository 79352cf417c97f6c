#pragma once
// The words of `list`: its options, and whether what they hold can be done.

#include <filesystem>

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_list(CLI::App& app, Words& words);
[[nodiscard]] Options check_list(const Words& words, const CLI::App& list);

}  // namespace hm::host
