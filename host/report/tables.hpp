#pragma once
// A run for a person to read: the paper's figures, the exits, the verdicts.

#include <cstddef>
#include <string>

#include "host/log/results.hpp"
#include "host/report/timer_tables.hpp"

namespace hm::host {

/// What the monitor adds to one exit of each kind. Each of these is empty where no such row was
/// measured; no line is wider than `width`.
[[nodiscard]] std::string exits_text(const Results& results, std::size_t width);

/// The verdicts that failed, and how many passed.
[[nodiscard]] std::string verdicts_text(const Results& results, std::size_t width);

/// How to read the numbers: which clock, and what the machine models.
[[nodiscard]] std::string clock_text(const Results& results, std::size_t width);

/// Calls and timers beside those of other hypervisors, counted on the same emulator.
[[nodiscard]] std::string anchors_text(const Results& results, std::size_t width);

/// Which scenarios this machine could not run, by reason.
[[nodiscard]] std::string skipped_text(const Results& results, std::size_t width);

/// All of them, and what host/report/memory_tables.hpp and host/report/timer_tables.hpp have.
[[nodiscard]] std::string results_text(const Results& results, Detail detail, std::size_t width);

}  // namespace hm::host
