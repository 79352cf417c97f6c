#pragma once
// The tables of the page.

#include <string>
#include <vector>

#include "host/base/text.hpp"
#include "host/report/section.hpp"

namespace hm::host::page {

/// A table under its title; without rows the page leaves it out.
struct PageTable {
    std::string title;
    Table table;
    std::string note = {};
};

/// What ran: machine, clock, what it models, versions, CRCs of the images.
[[nodiscard]] Table machine_table(const Results& results);

/// The parameters of the run, and the registers of its core.
[[nodiscard]] Table parameters_table(const Results& results);

/// The paper's tables 4, 5 and 6, with ours beside them or the reason why not.
[[nodiscard]] PageTable paper_table(const GroupedResults& run);

/// How long every kind of wake-up took, and the ratio to native.
[[nodiscard]] PageTable responses_table(const GroupedResults& run);

/// What the monitor adds to one event of each kind.
[[nodiscard]] PageTable exits_table(const GroupedResults& run);

/// What the guest alone measured under its hypervisor.
[[nodiscard]] PageTable under_page_table(const Results& results);

/// What the stamps themselves cost.
[[nodiscard]] PageTable probe_table(const GroupedResults& run);

/// The failed verdicts, and then the others by their kind.
[[nodiscard]] PageTable verdict_summary(const Results& results);
[[nodiscard]] PageTable verdict_list(const Results& results);

/// Every row of the run, a table for each workload.
[[nodiscard]] std::vector<PageTable> raw_tables(const GroupedResults& run);

}  // namespace hm::host::page
