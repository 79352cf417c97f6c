// hypmeter run: QEMU, the log as it comes, and what is made of it.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>

#include "host/commands.hpp"
#include "host/files.hpp"
#include "host/outcome.hpp"
#include "host/qemu.hpp"
#include "host/verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// More of what QEMU says on standard error is of no use to anyone.
constexpr std::size_t kErrorBytes = 65536;

/// What came of one boot.
struct Boot {
    ProcessEnd end;
    LogParser parser;
    std::string error;  ///< QEMU's standard error
    bool said_anything = false;
    bool log_written = true;
    double seconds = 0;
};

Boot boot(const Command& command, const RunOptions& options, const Drafts& drafts,
          const Console& console) {
    Boot result;
    std::ofstream uart(drafts.uart, std::ios::binary | std::ios::trunc);
    Progress progress(console.err, console.progress, console.width);
    progress.update(result.parser.log());
    const auto start = std::chrono::steady_clock::now();
    result.end = run_process(
        command, {options.time_limit, ProcessLimits{}.grace},
        [&](std::string_view bytes) {
            result.said_anything = true;
            uart << bytes << std::flush;
            result.parser.feed(bytes);
            progress.update(result.parser.log());
        },
        [&](std::string_view bytes) {
            result.error +=
                bytes.substr(0, kErrorBytes - std::min(kErrorBytes, result.error.size()));
        });
    result.parser.finish();
    progress.clear();
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    uart.close();
    result.log_written = static_cast<bool>(uart);
    return result;
}

Outcome outcome_of(const Boot& run, const RunOptions& options, const Command& command,
                   const std::string& version, const Drafts& drafts) {
    Outcome outcome;
    outcome.log = run.parser.log();
    if (const auto clock = judge_clock(outcome.log, options.clock)) {
        outcome.verdicts.push_back(*clock);
    }
    outcome.verdicts.push_back(judge_end(run.end, outcome.log, options));
    outcome.verdicts.push_back(judge_complaints(read_file(drafts.complaints).value_or("")));
    outcome.host = Json{{"qemu", Json{{"path", command.program}, {"version", version}}},
                        {"command", command.arguments},
                        {"standard_error", run.error}};
    outcome.ending = "QEMU: " + describe(run.end);
    outcome.log_written = run.log_written;
    outcome.seconds = run.seconds;
    return outcome;
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
    if (const int status = make_folder(options.out, console); status != kAllOk) {
        return status;
    }
    const std::string version = qemu_version(program);
    const std::time_t started = std::time(nullptr);
    const Drafts drafts(options.out);
    const Command command = qemu_command(options, program, drafts.complaints);
    const Boot run = boot(command, options, drafts, console);
    if (run.end.ending == Ending::kNotStarted) {
        return refuse(console,
                      fmt::format("cannot start QEMU (\"{}\"): {}", program, describe(run.end)));
    }
    if (run.end.ending == Ending::kExited && !run.said_anything) {
        return refuse(console, fmt::format("QEMU ended before the target said anything ({}): {}",
                                           describe(run.end), run.error));
    }
    return conclude(outcome_of(run, options, command, version, drafts), options, drafts, started,
                    console);
}

}  // namespace hm::host
