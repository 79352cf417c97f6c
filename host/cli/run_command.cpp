// hypmeter run: QEMU, the log as it comes, and what is made of it.

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "host/base/files.hpp"
#include "host/cli/commands.hpp"
#include "host/judge/verdicts.hpp"
#include "host/machine/outcome.hpp"
#include "host/machine/qemu.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// More of what QEMU says on standard error is of no use to anyone.
constexpr std::size_t kErrorBytes = 65536;

/// Adds what QEMU itself has to say to what came of the log.
void add_machine(Outcome& outcome, const RunOptions& options, const Command& command,
                 const ProcessEnd& end, const std::string& error, const Drafts& drafts) {
    if (const auto clock = judge_clock(outcome.log, options.clock)) {
        outcome.verdicts.push_back(*clock);
    }
    outcome.verdicts.push_back(judge_end(end, outcome.log, options));
    outcome.verdicts.push_back(judge_complaints(read_file(drafts.complaints).value_or("")));
    outcome.host =
        Json{{"qemu", Json{{"path", command.program}, {"version", qemu_version(command.program)}}},
             {"command", command.arguments},
             {"standard_error", error}};
    outcome.ending = "QEMU: " + describe(end);
}

}  // namespace

int run_command(const RunOptions& options, const Console& console) {
    const std::string program = find_program(options.qemu);
    if (program.empty()) {
        return refuse(console, fmt::format("cannot start QEMU: no program \"{}\"", options.qemu));
    }
    if (!fs::is_regular_file(options.image)) {
        return refuse(console, fmt::format("no image \"{}\"; build it, or name one with --image",
                                           options.image.string()));
    }
    if (!options.tree.empty() && !fs::is_regular_file(options.tree)) {
        return refuse(console,
                      fmt::format("no device tree \"{}\", which tells the image its memory; "
                                  "build it, or leave the memory at 1G",
                                  options.tree.string()));
    }
    if (const int status = make_folder(options.out, console); status != kAllOk) {
        return status;
    }
    const std::time_t started = std::time(nullptr);
    const Drafts drafts(options.out);
    const Command command = qemu_command(options, program, drafts.complaints);
    std::string error;
    Listener listener(drafts, console);
    const ProcessEnd end = run_process(
        command, {options.time_limit, ProcessLimits{}.grace},
        [&listener](std::string_view bytes) { listener.take(bytes); },
        [&error](std::string_view bytes) {
            error += bytes.substr(0, kErrorBytes - std::min(kErrorBytes, error.size()));
        });
    Outcome outcome = listener.finish();
    if (end.ending == Ending::kNotStarted) {
        return refuse(console,
                      fmt::format("cannot start QEMU (\"{}\"): {}", program, describe(end)));
    }
    if (end.ending == Ending::kExited && !listener.heard_anything()) {
        return refuse(console, fmt::format("QEMU ended before the target said anything ({}): {}",
                                           describe(end), error));
    }
    add_machine(outcome, options, command, end, error, drafts);
    return conclude(outcome, options, drafts, started, console);
}

}  // namespace hm::host
