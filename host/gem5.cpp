// hypmeter run under gem5: its configuration, the terminal's file as it grows, and the outcome.

#include "host/gem5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <system_error>

#include "host/commands.hpp"
#include "host/outcome.hpp"
#include "host/qemu.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// The file that gem5 names after the object: `system.terminal`.
constexpr const char* kTerminalFile = "system.terminal";
constexpr std::size_t kBannerBytes = 4096;
constexpr std::size_t kErrorBytes = 4096;
constexpr std::size_t kErrorLines = 5;

/// A file that another program writes, from its beginning on, once it is there.
class GrowingFile {
  public:
    explicit GrowingFile(fs::path path) : path_(std::move(path)) {}

    /// Passes on what is new.
    void read(const Sink& sink) {
        if (!stream_.is_open()) {
            stream_.open(path_, std::ios::binary);
        }
        std::array<char, 65536> chunk;
        while (stream_.is_open()) {
            stream_.read(chunk.data(), chunk.size());
            if (stream_.gcount() == 0) {
                break;
            }
            sink({chunk.data(), static_cast<std::size_t>(stream_.gcount())});
            stream_.clear();
        }
        stream_.clear();
    }

  private:
    fs::path path_;
    std::ifstream stream_;
};

/// What came of one simulation.
struct Simulation {
    ProcessEnd end;
    LogParser parser;
    std::string banner;  ///< the beginning of its standard output
    std::string error;   ///< the end of its standard error
    bool said_anything = false;
    bool log_written = true;
    double seconds = 0;
};

Simulation simulate(const Command& command, const RunOptions& options, const fs::path& terminal,
                    const Drafts& drafts, const Console& console) {
    Simulation result;
    std::ofstream uart(drafts.uart, std::ios::binary | std::ios::trunc);
    std::ofstream words(drafts.complaints, std::ios::binary | std::ios::trunc);
    GrowingFile file(terminal);
    Progress progress(console.err, console.progress, console.width);
    progress.update(result.parser.log());
    const auto start = std::chrono::steady_clock::now();
    result.end = run_process(
        command, {options.time_limit, ProcessLimits{}.grace},
        [&](std::string_view bytes) {
            words << bytes << std::flush;
            result.banner += bytes.substr(0, kBannerBytes - result.banner.size());
        },
        [&](std::string_view bytes) {
            words << bytes << std::flush;
            result.error += bytes;
            result.error.erase(0, result.error.size() - std::min(kErrorBytes, result.error.size()));
        },
        [&] {
            file.read([&](std::string_view bytes) {
                result.said_anything = true;
                uart << bytes << std::flush;
                result.parser.feed(bytes);
                progress.update(result.parser.log());
            });
        });
    result.parser.finish();
    progress.clear();
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    uart.close();
    words.close();
    result.log_written = uart && words;
    return result;
}

/// The last lines of `text`, in one.
std::string last_lines(std::string_view text) {
    std::string line;
    for (std::size_t count = 0; count < kErrorLines && !text.empty();) {
        const std::size_t cut = text.rfind('\n');
        const std::string_view last = cut == std::string_view::npos ? text : text.substr(cut + 1);
        if (!last.empty()) {
            line.insert(0, fmt::format("{}{}", last, line.empty() ? "" : "; "));
            ++count;
        }
        text = cut == std::string_view::npos ? std::string_view{} : text.substr(0, cut);
    }
    return line.empty() ? "it said nothing" : line;
}

Outcome outcome_of(const Simulation& run, const RunOptions& options, const Command& command) {
    Outcome outcome;
    outcome.log = run.parser.log();
    outcome.verdicts.push_back(judge_end(run.end, outcome.log, options));
    Json gem5{{"path", command.program}, {"configuration", kGem5Configuration}};
    if (const std::string version = gem5_version(run.banner); !version.empty()) {
        gem5["version"] = version;
    }
    outcome.host = Json{{"gem5", gem5}, {"command", command.arguments}};
    outcome.ending = "gem5: " + describe(run.end);
    outcome.log_written = run.log_written;
    outcome.seconds = run.seconds;
    return outcome;
}

/// Why it cannot be started, in one line; empty where it can.
std::string why_not_startable(const RunOptions& options, const std::string& program,
                              const fs::path& script) {
    if (program.empty()) {
        return fmt::format(
            "cannot start gem5: no program \"{}\"; name yours, as in "
            "--machine gem5:TREE/build/ARM/gem5.opt",
            options.machine.where);
    }
    const fs::path model = gem5_core_model(gem5_tree(program));
    if (!fs::is_regular_file(model)) {
        return fmt::format(
            "no core model \"{}\": gem5 must lie in its tree, as TREE/build/ARM/gem5.opt",
            model.string());
    }
    if (!fs::is_regular_file(script)) {
        return fmt::format("no configuration for gem5, \"{}\"", script.string());
    }
    return fs::is_regular_file(options.image)
               ? std::string()
               : fmt::format("no image \"{}\"; build it, or name one with --image",
                             options.image.string());
}

}  // namespace

fs::path gem5_tree(const std::string& program) {
    std::error_code ignored;
    return fs::weakly_canonical(program, ignored).parent_path().parent_path().parent_path();
}

fs::path gem5_core_model(const fs::path& tree) {
    return tree / "configs/common/cores/arm/ex5_big.py";
}

Command gem5_command(const RunOptions& options, const std::string& program, const fs::path& script,
                     const fs::path& folder) {
    return {
        program,
        {"--outdir=" + folder.string(),
         // Nobody is to come between it and the target, from whichever terminal it is called.
         "--listener-mode=off", script.string(), "--image", options.image.string(),
         "--command-line", target_command_line(options), "--tree", gem5_tree(program).string()}};
}

std::string gem5_version(std::string_view banner) {
    constexpr std::string_view kWords = "gem5 version ";
    const std::size_t at = banner.find(kWords);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = banner.substr(at + kWords.size());
    return std::string(rest.substr(0, rest.find_first_of(" \r\n")));
}

int gem5_run(const RunOptions& options, const fs::path& script, const Console& console) {
    const std::string program = find_program(options.machine.where);
    if (const std::string why = why_not_startable(options, program, script); !why.empty()) {
        return refuse(console, why);
    }
    if (const int status = make_folder(options.out, console); status != kAllOk) {
        return status;
    }
    const std::time_t started = std::time(nullptr);
    const Drafts drafts(options.out, "gem5.log");
    const fs::path folder = options.out / "gem5";
    // Else the words of an earlier run would be taken for this one's, until gem5 opens the file.
    std::error_code ignored;
    fs::remove(folder / kTerminalFile, ignored);
    const Command command = gem5_command(options, program, script, folder);
    const Simulation run = simulate(command, options, folder / kTerminalFile, drafts, console);
    if (run.end.ending == Ending::kNotStarted) {
        return refuse(console,
                      fmt::format("cannot start gem5 (\"{}\"): {}", program, describe(run.end)));
    }
    const bool by_itself =
        run.end.ending == Ending::kExited || run.end.ending == Ending::kSignalled;
    if (by_itself && !run.said_anything) {
        return refuse(console, fmt::format("gem5 ended before the target said anything ({}): {}",
                                           describe(run.end), last_lines(run.error)));
    }
    return conclude(outcome_of(run, options, command), options, drafts, started, console);
}

}  // namespace hm::host
