#pragma once
// What a run proves about the machine that it ran on.

#include <optional>
#include <string_view>
#include <vector>

#include "host/base/process.hpp"
#include "host/log/log_parser.hpp"
#include "host/machine/run_options.hpp"

namespace hm::host {

/// The machine's clock is the one that was asked for; nothing if the log names none.
[[nodiscard]] std::optional<Verdict> judge_clock(const RunLog& log, ClockSource asked);

/// QEMU's log of guest errors and unimplemented devices must have no lines but `own`, if that is
/// not empty.
[[nodiscard]] Verdict judge_complaints(std::string_view qemu_log, std::string_view own = {});

/// An emulator must run until the log has its `end` record, and then end: by itself with success,
/// or because it was ended here. How well the run went is not its status, but in the records.
[[nodiscard]] Verdict judge_end(const ProcessEnd& end, const RunLog& log,
                                const RunOptions& options);

/// The guest that comes alone says that it ran under what was asked for, so that its parameters
/// reached it; none if the log never began.
[[nodiscard]] std::vector<Verdict> judge_under(const RunLog& log, const UnderOptions& asked);

}  // namespace hm::host
