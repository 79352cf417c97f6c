#include "host/machine/machine_verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hm::host {

std::optional<Verdict> judge_clock(const RunLog& log, ClockSource asked) {
    if (!log.begin) {
        return std::nullopt;
    }
    const std::string& clock = log.begin->clock;
    const bool counts = clock == "instructions";
    if (asked == ClockSource::kInstructions && !counts) {
        return Verdict{"clock as asked for", false,
                       fmt::format("this emulator runs without icount: its clock is \"{}\" and "
                                   "does not count instructions; --clock wall measures so",
                                   clock)};
    }
    if (asked == ClockSource::kWall && counts) {
        return Verdict{
            "clock as asked for", false,
            "this emulator counts instructions (icount), and --clock wall was asked for"};
    }
    return Verdict{"clock as asked for", true, clock};
}

Verdict judge_complaints(std::string_view qemu_log, std::string_view own) {
    constexpr std::size_t kMostOfALine = 400;
    std::size_t lines = 0;
    std::string_view first;
    while (!qemu_log.empty()) {
        const std::string_view line = qemu_log.substr(0, qemu_log.find('\n'));
        qemu_log.remove_prefix(std::min(line.size() + 1, qemu_log.size()));
        if (line == own && !own.empty()) {
            continue;
        }
        first = lines == 0 ? line.substr(0, kMostOfALine) : first;
        ++lines;
    }
    return lines == 0 ? Verdict{"qemu complaints", true, "none"}
                      : Verdict{"qemu complaints", false,
                                fmt::format("{} lines, the first: {}", lines, first)};
}

Verdict judge_end(const ProcessEnd& end, const RunLog& log, const RunOptions& options) {
    const bool well =
        end.ending == Ending::kDone || (end.ending == Ending::kExited && end.code == 0);
    const bool ok = well && log.end_ok.has_value();
    std::string detail = describe(end);
    if (end.ending == Ending::kTimeLimit) {
        detail += fmt::format(" of {} s (--time-limit)", options.time_limit.count());
    }
    if (!ok) {
        detail += well ? ", before its end record, " : ", ";
        detail += log.position();
    }
    return {"machine ended after its last record", ok, detail};
}

std::vector<Verdict> judge_under(const RunLog& log, const UnderOptions& asked) {
    if (!log.begin) {
        return {};
    }
    const std::string said = log.begin->parameters.text("under");
    return {{"ran under what was asked for", said == asked.name,
             said == asked.name
                 ? said
                 : fmt::format("the guest says \"{}\", and its command line says \"{}\"", said,
                               asked.name)}};
}

}  // namespace hm::host
