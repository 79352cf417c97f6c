#pragma once
// Recorded runs as commands name them: a folder of one run, a folder of repeated runs, or a
// results file.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/judge/comparison.hpp"

namespace hm::host {

/// The folder of the `number`th of repeated runs, from 1 on.
[[nodiscard]] std::filesystem::path repeat_folder(const std::filesystem::path& out,
                                                  unsigned number);

/// The results files below `path`: one, or one of each repeated run in their order; none if there
/// is nothing of the kind.
[[nodiscard]] std::vector<std::filesystem::path> results_files(const std::filesystem::path& path);

struct ReadSide {
    std::optional<Side> side;
    std::string error;  ///< in one line
};
[[nodiscard]] ReadSide read_side(const std::filesystem::path& path);

}  // namespace hm::host
