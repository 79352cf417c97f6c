#pragma once
// The paper's figure 7 as tables: what an interrupt costs, by delivery, layer and load.

#include <cstddef>
#include <string>

#include "host/log/results.hpp"
#include "host/rows/timer_runs.hpp"

namespace hm::host {

/// How much of a run to print: what fits on a few screens, or every layer of every row.
enum class Detail { kSummary, kFull };

/// Deliveries to a guest that has the core to itself: layers side by side, and end to end. Each of
/// these is empty where no such row was measured; no line is wider than `width`.
[[nodiscard]] std::string figure7_text(const Results& results, Detail detail, std::size_t width);

/// Deliveries to a guest that shares the core: layers, the wait for a slice, and what it costs the
/// other virtual machine that the owner of an interrupt goes first.
[[nodiscard]] std::string sharing_text(const Results& results, Detail detail, std::size_t width);

/// The worst event of each row, and which layer it spent most in.
[[nodiscard]] std::string worst_text(const Results& results, Detail detail, std::size_t width);

/// One column a run: its layers in the order of a wake-up, by their means, which add up.
[[nodiscard]] std::string layer_table(const TimerRuns& runs, std::size_t width);

/// One line a run and statistic, the ratio to `all`'s native run among them. With `stamped`, the
/// delays with stamps stand there too.
[[nodiscard]] std::string end_to_end_table(const TimerRuns& runs, const TimerRuns& all,
                                           bool stamped, std::size_t width);

/// "Missed periods: none" or where how many.
[[nodiscard]] std::string missed_text(const TimerRuns& runs, std::size_t width);

}  // namespace hm::host
