#pragma once
// The command line of `hypmeter guest`.

#include "host/cli/words.hpp"

namespace hm::host {

[[nodiscard]] CLI::App* add_guest(CLI::App& app, Words& words);
[[nodiscard]] Options check_guest(const Words& words, const std::filesystem::path& builds);

}  // namespace hm::host
