#pragma once
// The boards that there are, as messages list them.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "host/machine/boards.hpp"

namespace hm::host {

/// All names, with `between` between two.
inline std::string board_names(std::string_view between) {
    std::vector<std::string_view> names;
    for (const Board* const board : boards()) {
        names.push_back(board->name);
    }
    return fmt::format("{}", fmt::join(names, between));
}

}  // namespace hm::host
