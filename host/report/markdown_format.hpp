#pragma once
// Tables of GitHub's Markdown, to be put into an issue or a wiki.

#include <cstddef>
#include <string>

#include "host/base/text.hpp"
#include "host/report/section.hpp"

namespace hm::host {

/// `table` as Markdown.
[[nodiscard]] std::string markdown_table(const Table& table);

/// Empty if the run has neither rows nor verdicts.
[[nodiscard]] std::string markdown_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
