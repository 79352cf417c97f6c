#pragma once
// The supported boards, and where their images are.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "board/host_facts.hpp"

namespace hm::host {

using Board = board::HostFacts;
using board::EntryMode;

/// All boards, in the order of their names.
[[nodiscard]] std::span<const Board* const> boards();

/// The board of that name, or null.
[[nodiscard]] const Board* find_board(std::string_view name);

/// "BUILDS/virt/hypmeter-virt.elf"
[[nodiscard]] std::filesystem::path image_of(const Board& board,
                                             const std::filesystem::path& builds);

/// "BUILDS/virt/hypmeter-virt-foreign.elf": the one that runs foreign guests.
[[nodiscard]] std::filesystem::path foreign_image_of(const Board& board,
                                                     const std::filesystem::path& builds);

/// "BUILDS/virt/boot": the files for boot loaders.
[[nodiscard]] std::filesystem::path boot_folder(const Board& board,
                                                const std::filesystem::path& builds);

/// What the image is called on a card and on a TFTP server: "hypmeter-virt.uimg".
[[nodiscard]] std::string uimage_name(const Board& board);

/// The same of the one that runs foreign guests: "hypmeter-virt-foreign.uimg".
[[nodiscard]] std::string foreign_uimage_name(const Board& board);

/// "BUILDS/arndale/boot/hypmeter-arndale.uimg"
[[nodiscard]] std::filesystem::path uimage_of(const Board& board,
                                              const std::filesystem::path& builds);

/// "BUILDS/arndale/boot/hypmeter-arndale-foreign.uimg"
[[nodiscard]] std::filesystem::path foreign_uimage_of(const Board& board,
                                                      const std::filesystem::path& builds);

/// The device tree beside an image of the board; it need not exist.
[[nodiscard]] std::filesystem::path tree_of(const Board& board, const std::filesystem::path& image);

}  // namespace hm::host
