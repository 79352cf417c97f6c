#pragma once
// A whole command line.

#include <filesystem>
#include <string>
#include <vector>

#include "host/base/console.hpp"

namespace hm::host {

/// Parses and runs a command line, without the program's name; the exit status. `builds` holds what
/// was built, one folder per board.
[[nodiscard]] int main_command(std::vector<std::string> arguments,
                               const std::filesystem::path& builds, const Console& console);

}  // namespace hm::host
