#pragma once
// What the host tool makes of a run: whether it is whole, whether both worlds ran the same bytes,
// whether the monitor keeps within its budgets (host/judge/budgets.hpp), and whether the loops of
// figure 2 did what they were to do (host/judge/memory_verdicts.hpp).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/cli/options.hpp"
#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"

namespace hm::host {

/// What a complete log, its scenarios and its rows prove, each claim as a verdict of its own.
/// Verdicts about rows that are not there are left out. The target's own verdicts come first.
[[nodiscard]] std::vector<Verdict> judge(const RunLog& log);

/// The machine's clock is the one that was asked for; nothing where the log names none.
[[nodiscard]] std::optional<Verdict> judge_clock(const RunLog& log, ClockSource asked);

/// QEMU's log of guest errors and unimplemented devices must be empty.
[[nodiscard]] Verdict judge_complaints(std::string_view qemu_log);

/// The results of a run, with what `judge` says; `host` is left empty.
[[nodiscard]] Results make_results(const RunLog& log);

}  // namespace hm::host
