#pragma once
// The words of `predict`: its options, and whether what they hold can be done.

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_predict(CLI::App& app, Words& words);
[[nodiscard]] Options check_predict(const Words& words);

}  // namespace hm::host
