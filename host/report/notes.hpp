#pragma once
// What stands around the tables: verdicts, how to read the numbers, what was not run.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// The words of the tables that follow; empty if nothing was measured.
[[nodiscard]] std::string words_text(const Results& results, std::size_t width);

/// The verdicts that failed, and how many passed.
[[nodiscard]] std::string verdicts_text(const Results& results, std::size_t width);

/// How to read the numbers: which clock, and what the machine models.
[[nodiscard]] std::string clock_text(const Results& results, std::size_t width);

/// By how much a delay that the counter measures may be wrong, where the core's clock is faster.
[[nodiscard]] std::string counter_text(const Results& results, std::size_t width);

/// "The core's registers: MIDR 0x412fc0f1, ..", and what the L2 cache prefetches, if the target
/// reports them.
[[nodiscard]] std::string registers_text(const Results& results, std::size_t width);

/// Where the image does without the ISBs of its stamps: what that means for figures; else empty.
[[nodiscard]] std::string stamps_text(const Results& results, std::size_t width);

/// What to quote with every figure of gem5; empty for other machines.
[[nodiscard]] std::string gem5_text(const Results& results, std::size_t width);

/// Why the golden values were not compared; empty if they were, or if there are none.
[[nodiscard]] std::string golden_note_text(const Results& results, std::size_t width);

/// Which scenarios a machine could not run, by reason, below a line that is `title`.
[[nodiscard]] std::string not_run_text(const Results& results, const std::string& title,
                                       std::size_t width);

/// The same as a section.
[[nodiscard]] std::string skipped_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

}  // namespace hm::host
