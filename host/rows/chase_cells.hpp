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

/// How addresses translate in a row; nothing if it names unknown tables.
[[nodiscard]] std::optional<measure::Translation> translation_of(const Row& row);

/// Where the memory and the tables of a chase lie; nothing if it does not report them.
[[nodiscard]] std::optional<Chain> chain_of(const ScenarioRows& scenario,
                                            const measure::Translation& translation);

/// One cell of the matrix, seen with chases of one line a page.
struct Cell {
    measure::Translation translation;
    /// One line per page, pages in random order, TLB as the previous lap left it.
    const ScenarioRows* load = nullptr;
    /// The same lines in the same order through blocks of 2 MB (measure::chase::floor_of), or null.
    const ScenarioRows* floor = nullptr;
    /// What the walk must read; nothing if the chase does not report its addresses.
    std::optional<Prediction> prediction;

    /// Whether the TLB holds pages of 4 KB, because one of the stages has such.
    [[nodiscard]] bool has_pages() const;
    /// load - floor; nothing in a cell of blocks, in which a TLB misses hardly ever.
    [[nodiscard]] std::optional<double> miss() const;
};
using Cells = std::vector<Cell>;

/// The cell as chases of `bytes` saw it; nothing if none ran.
[[nodiscard]] std::optional<Cell> cell_at(const Scenarios& chases, measure::Translation translation,
                                          std::uint64_t bytes);

/// The largest chase of one line per page that ran in all of `translations`; 0 if there is none.
[[nodiscard]] std::uint64_t largest_in_all(const Scenarios& chases,
                                           const std::vector<measure::Translation>& translations);

/// Every cell that ran, at the size that most of them have (the largest such size).
[[nodiscard]] Cells matrix_of(const Scenarios& chases);

/// "3", or "11-15" if it depends on the address.
[[nodiscard]] std::string reads_text(const Prediction& prediction);

}  // namespace hm::host
