#pragma once
// The words of `compare` and `baseline`: their options, and whether what they hold can be done.

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_compare(CLI::App& app, Words& words);
CLI::App* add_baseline(CLI::App& app, Words& words);
[[nodiscard]] Options check_compare(const Words& words);
[[nodiscard]] Options check_baseline(const Words& words);

}  // namespace hm::host
