#pragma once
// What the host tool makes of a run: whether it is whole, whether both worlds ran the same bytes,
// and whether the monitor keeps within its budgets.

#include <string>
#include <string_view>
#include <vector>

#include "host/log_parser.hpp"
#include "host/results.hpp"

namespace hm::host {

/// The most instructions that the monitor may add to one event of a kind.
struct Budget {
    std::string_view name;
    std::string_view workload;
    std::string_view param_key;  ///< "" where any parameters do
    std::string_view param_value;
    std::string_view delivery;  ///< "" where any delivery does
    double limit;
};

/// The budget that holds for this row, or null: it is for rows of guests in the layer
/// "hyp-instructions" itself, measured without stamps.
[[nodiscard]] const Budget* budget_of(const Row& row);

/// What a complete log, its scenarios and its rows prove, each claim as a verdict of its own.
/// Verdicts about rows that are not there are left out. The target's own verdicts come first.
[[nodiscard]] std::vector<Verdict> judge(const RunLog& log);

/// QEMU's log of guest errors and unimplemented devices must be empty.
[[nodiscard]] Verdict judge_complaints(std::string_view qemu_log);

/// The results of a run, with what `judge` says; `host` is left empty.
[[nodiscard]] Results make_results(const RunLog& log);

}  // namespace hm::host
