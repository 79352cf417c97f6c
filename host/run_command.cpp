// hypmeter run: QEMU, the log as it comes, and what is made of it.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <system_error>

#include "host/commands.hpp"
#include "host/files.hpp"
#include "host/qemu.hpp"
#include "host/tables.hpp"
#include "host/text.hpp"
#include "host/verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// More of what QEMU says on standard error is of no use to anyone.
constexpr std::size_t kErrorBytes = 65536;

/// Files of a run that is under way; they take their places once it has started indeed.
struct Drafts {
    explicit Drafts(const fs::path& out)
        : folder(out), uart(out / "uart.log.part"), complaints(out / "qemu.log.part") {}
    Drafts(const Drafts&) = delete;
    Drafts& operator=(const Drafts&) = delete;
    ~Drafts() {
        std::error_code ignored;
        fs::remove(uart, ignored);
        fs::remove(complaints, ignored);
    }

    [[nodiscard]] bool keep() const {
        std::error_code uart_error;
        std::error_code complaints_error;
        fs::rename(uart, folder / "uart.log", uart_error);
        if (fs::exists(complaints)) {
            fs::rename(complaints, folder / "qemu.log", complaints_error);
        } else {
            fs::remove(folder / "qemu.log", complaints_error);
        }
        return !uart_error && !complaints_error;
    }

    fs::path folder, uart, complaints;
};

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

Verdict judge_end(const Boot& boot, const RunOptions& options) {
    const bool ok = boot.end.ending == Ending::kExited && boot.end.code == 0;
    std::string detail = describe(boot.end);
    if (boot.end.ending == Ending::kTimeLimit) {
        detail += fmt::format(" of {} s", options.time_limit.count());
    }
    if (!ok) {
        detail += ", " + boot.parser.log().position();
    }
    return {"machine ended by itself, with success", ok, detail};
}

/// Scenarios with the number of wake-ups that were taken again: what may differ between two runs.
Json slips_json(const RunLog& log) {
    Json slips = Json::object();
    for (const Scenario& scenario : log.scenarios) {
        if (scenario.slips != 0) {
            slips[scenario.name] = scenario.slips;
        }
    }
    return slips;
}

Json host_json(const RunOptions& options, const Command& command, const std::string& version,
               const Boot& boot, std::time_t started) {
    return Json{{"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(started))},
                {"seconds", boot.seconds},
                {"slips", slips_json(boot.parser.log())},
                {"qemu", Json{{"path", command.program}, {"version", version}}},
                {"command", command.arguments},
                {"standard_error", boot.error},
                {"time_limit_seconds", options.time_limit.count()},
                {"out", options.out.string()}};
}

/// What the target said last often names the cause.
void show_last_words(const RunLog& log, const Console& console) {
    for (const std::string& line : log.last_words) {
        console.err << "target: " << line << "\n";
    }
}

int refuse(const Console& console, const std::string& line) {
    console.err << "hypmeter: " << line << std::endl;
    return kFailed;
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
    std::error_code error;
    fs::create_directories(options.out, error);
    if (error) {
        console.err << fmt::format("hypmeter: cannot make the folder \"{}\": {}\n",
                                   options.out.string(), error.message());
        return kBadUsage;
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
    Results results = make_results(run.parser.log());
    if (const auto clock = judge_clock(run.parser.log(), options.clock)) {
        results.verdicts.push_back(*clock);
    }
    results.verdicts.push_back(judge_end(run, options));
    results.verdicts.push_back(judge_complaints(read_file(drafts.complaints).value_or("")));
    results.host = host_json(options, command, version, run, started);
    console.out << results_text(results, Detail::kSummary, console.width);
    if (!results.host["slips"].empty()) {
        console.out << wrap(
            fmt::format("QEMU's clock slipped in {} scenarios: the wake-ups were taken again "
                        "(results.json, host.slips).",
                        results.host["slips"].size()),
            console.width);
    }
    console.out << std::flush;
    if (!run.log_written || !drafts.keep() ||
        !write_file(options.out / "results.json", json_text(results))) {
        return refuse(console,
                      fmt::format("cannot write the results to \"{}\"", options.out.string()));
    }
    if (!results.ok()) {
        if (!run.parser.log().end_ok) {
            show_last_words(run.parser.log(), console);
        }
        return refuse(console, "the run failed: QEMU: " + describe(run.end) + ", " +
                                   run.parser.log().position());
    }
    return kAllOk;
}

}  // namespace hm::host
