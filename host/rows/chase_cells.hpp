#pragma once
// Pointer chases by what they show: which cell of the matrix of tables they ran in, what a miss of
// the TLB costs there, and what the walk must read.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/model/prediction.hpp"
#include "host/rows/scenario_rows.hpp"
#include "measure/translation.hpp"

namespace hm::host {

/// How addresses translate in a row; nothing where it names tables that are not known here.
[[nodiscard]] std::optional<measure::Translation> translation_of(const Row& row);

/// One cell of the matrix, seen with chases of one line a page.
struct Cell {
    measure::Translation translation;
    /// A line a page, pages in random order, TLB as the lap before has left it.
    const ScenarioRows* load = nullptr;
    /// As many lines in a 64th of the pages, or null.
    const ScenarioRows* floor = nullptr;
    /// What the walk must read; nothing where the chase does not say where its memory is.
    std::optional<Prediction> prediction;

    /// (load - floor) * 64 / 63, since the floor's chain still misses the TLB once in 64 loads.
    [[nodiscard]] std::optional<double> miss() const;
};
using Cells = std::vector<Cell>;

/// How many lines a page has, all of which the floor's chain reads.
inline constexpr std::uint64_t kLinesPerPage = 64;

/// The cell as chases of `bytes` saw it; nothing where none did.
[[nodiscard]] std::optional<Cell> cell_at(const Scenarios& chases, measure::Translation translation,
                                          std::uint64_t bytes);

/// The largest chase of a line a page that ran in all of `translations`; 0 where there is none.
[[nodiscard]] std::uint64_t largest_in_all(const Scenarios& chases,
                                           const std::vector<measure::Translation>& translations);

/// Every cell that ran, at the size at which most of them did (the largest of such).
[[nodiscard]] Cells matrix_of(const Scenarios& chases);

/// "3", or "11-15" where it depends on the address.
[[nodiscard]] std::string reads_text(const Prediction& prediction);

}  // namespace hm::host
