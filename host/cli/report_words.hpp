#pragma once
// The words of `report`: its options, and whether what they hold can be done.

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_report(CLI::App& app, Words& words);
[[nodiscard]] Options check_report(const Words& words);

}  // namespace hm::host
