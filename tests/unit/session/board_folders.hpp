#pragma once
// What session/ knows of a board, read as text from board/<name>, for tests that hold on every
// board.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "session/core/platform.hpp"

namespace hm::session {

struct BoardFolder {
    std::string name;
    Platform platform;
    std::uint64_t ram_begin = 0;
    std::uint64_t ram_bytes = 0;  ///< as its device tree says; a board may have other relatives
};

/// The number that the first group of `pattern` finds in a file; fails the test if there is none.
inline std::uint32_t number_in(const std::filesystem::path& file, const std::string& pattern) {
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    std::smatch match;
    if (!std::regex_search(text, match, std::regex(pattern))) {
        ADD_FAILURE() << file << " has no " << pattern;
        return 0;
    }
    std::string digits = match[1];
    std::erase(digits, '\'');
    return static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
}

inline BoardFolder read_board(const std::filesystem::path& folder) {
    const std::string name = folder.filename();
    const auto address = [&folder](const std::string& constant) {
        return number_in(folder / "board.hpp", "\\b" + constant + " = (0x[0-9a-f']+);");
    };
    const auto linked = [&folder](const std::string& symbol) {
        return number_in(folder / "memory.ld", "\\b" + symbol + " = (0x[0-9a-f]+);");
    };
    // Addresses and sizes have one cell, or two of which the first is zero.
    const auto memory = [&folder, &name](const std::string& cells) {
        return number_in(folder / (name + ".dts"),
                         "memory@[0-9a-f]+ \\{[^}]*reg = <(?:0x0 )?" + cells);
    };
    return {.name = name,
            .platform = {.guest_base = linked("GUEST_BASE"),
                         .image = linked("HYP_BASE"),
                         .distributor = address("kGicd"),
                         .cpu_interface = address("kGicc"),
                         .virtual_cpu_interface = address("kGicv"),
                         .timer_interrupt = board::kVirtualTimerInterrupt,
                         .machine = {}},
            .ram_begin = memory("(0x[0-9a-f]+) "),
            .ram_bytes = memory("0x[0-9a-f]+ (?:0x0 )?(0x[0-9a-f]+)>")};
}

/// All boards.
inline std::vector<BoardFolder> board_folders() {
    std::vector<BoardFolder> found;
    for (const auto& entry : std::filesystem::directory_iterator(HYPMETER_SOURCE_DIR "/board")) {
        if (std::filesystem::exists(entry.path() / "board.hpp")) {
            found.push_back(read_board(entry.path()));
        }
    }
    return found;
}

}  // namespace hm::session
