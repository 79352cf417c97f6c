#pragma once
// What `image` prints: the files that boot a board, and what to type to boot it from them.

#include <cstddef>
#include <filesystem>
#include <string>

#include "host/cli/boot_files.hpp"

namespace hm::host {

/// The files as a table of at most `width` columns.
[[nodiscard]] std::string boot_files_table(const Board& board, const BootFiles& files,
                                           const BootFacts& facts, std::size_t width);

/// What to type, at U-Boot's prompt and here, for files in `folder`.
[[nodiscard]] std::string boot_commands(const Board& board, const std::filesystem::path& folder,
                                        const BootFiles& files, const BootFacts& facts);

}  // namespace hm::host
