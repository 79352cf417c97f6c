#include "host/machine/boards.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "board_list.hpp"

namespace hm::host {

std::span<const Board* const> boards() { return board::kBoards; }

const Board* find_board(std::string_view name) {
    const auto found = std::find_if(boards().begin(), boards().end(),
                                    [&](const Board* board) { return board->name == name; });
    return found == boards().end() ? nullptr : *found;
}

std::filesystem::path image_of(const Board& board, const std::filesystem::path& builds) {
    return builds / board.name / fmt::format("hypmeter-{}.elf", board.name);
}

std::filesystem::path foreign_image_of(const Board& board, const std::filesystem::path& builds) {
    return builds / board.name / fmt::format("hypmeter-{}-foreign.elf", board.name);
}

std::filesystem::path boot_folder(const Board& board, const std::filesystem::path& builds) {
    return builds / board.name / "boot";
}

std::string uimage_name(const Board& board) { return fmt::format("hypmeter-{}.uimg", board.name); }

std::filesystem::path uimage_of(const Board& board, const std::filesystem::path& builds) {
    return boot_folder(board, builds) / uimage_name(board);
}

std::string foreign_uimage_name(const Board& board) {
    return fmt::format("hypmeter-{}-foreign.uimg", board.name);
}

std::filesystem::path foreign_uimage_of(const Board& board, const std::filesystem::path& builds) {
    return boot_folder(board, builds) / foreign_uimage_name(board);
}

std::filesystem::path tree_of(const Board& board, const std::filesystem::path& image) {
    return image.parent_path() / fmt::format("hypmeter-{}.dtb", board.name);
}

}  // namespace hm::host
