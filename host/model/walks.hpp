#pragma once
// The walks of a chase: the guest's and the monitor's tables, built on the host as the target
// builds them, and walked for each page that the chase loads from.

#include <cstdint>
#include <functional>
#include <optional>

#include "host/model/chain.hpp"
#include "host/model/page_walk.hpp"
#include "measure/translation.hpp"

namespace hm::host {

/// The tables of one cell. A stage that is off has no bytes.
struct CellTables {
    Extent stage1;         ///< By IPA.
    Extent stage2;         ///< By PA; the target does not report where, so that the place is ours.
    unsigned formula = 0;  ///< (n + 1)(m + 1) - 1 for n levels of stage 1 and m of stage 2.
};

/// `page` is the address of a page with at least one place of the chain, in ascending order.
using VisitWalk =
    std::function<void(const CellTables& tables, std::uint64_t page, const PageWalk& walk)>;

/// Builds the tables of the cell, and calls `visit` for each page; false, with no call, where no
/// machine can run the cell (`Translation::impossible`), and where the chain is empty or does not
/// fit.
[[nodiscard]] bool visit_walks(const measure::Translation& translation, const Chain& chain,
                               const VisitWalk& visit);

}  // namespace hm::host
