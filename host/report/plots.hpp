#pragma once
// The paper's figures as pictures, drawn by gnuplot.

#include <filesystem>
#include <string>
#include <vector>

#include "host/rows/grouped_rows.hpp"

namespace hm::host {

/// One picture: its file's name, and gnuplot's commands after its `set output`.
struct Plot {
    std::string file;
    std::string script;
};

/// Figure 5 (natively) and figure 6 (as a guest) on the same axes, and the tails of guests that
/// share the core, by slices or boosted; those for which there are no rows are left out.
[[nodiscard]] std::vector<Plot> plots_of(const GroupedResults& run);

/// Draws `plots` into `folder`, and leaves plots.gp there, from which gnuplot drew them: run in
/// that folder, it draws them again. Returns
/// what went wrong, in one line, or nothing. `program` is gnuplot's path or its name in PATH.
[[nodiscard]] std::string draw(const std::vector<Plot>& plots, const std::filesystem::path& folder,
                               const std::string& program);

}  // namespace hm::host
