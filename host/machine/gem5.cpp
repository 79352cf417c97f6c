// hypmeter run under gem5: its configuration, the terminal's file as it grows, and the outcome.

#include "host/machine/gem5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <system_error>

#include "host/cli/commands.hpp"
#include "host/machine/outcome.hpp"
#include "host/machine/qemu.hpp"

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

/// What gem5 itself has said.
struct Words {
    std::string banner;  ///< the beginning of its standard output
    std::string error;   ///< the end of its standard error
    bool written = true;
};

ProcessEnd simulate(const Command& command, const RunOptions& options, const fs::path& terminal,
                    const Drafts& drafts, Listener& listener, Words& words) {
    std::ofstream log(drafts.complaints, std::ios::binary | std::ios::trunc);
    GrowingFile file(terminal);
    const ProcessEnd end = run_process(
        command, {options.time_limit, ProcessLimits{}.grace},
        [&](std::string_view bytes) {
            log << bytes << std::flush;
            words.banner += bytes.substr(0, kBannerBytes - words.banner.size());
        },
        [&](std::string_view bytes) {
            log << bytes << std::flush;
            words.error += bytes;
            words.error.erase(0, words.error.size() - std::min(kErrorBytes, words.error.size()));
        },
        [&] { file.read([&listener](std::string_view bytes) { listener.take(bytes); }); });
    log.close();
    words.written = static_cast<bool>(log);
    return end;
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

/// Adds that to what came of the log.
void add_machine(Outcome& outcome, const RunOptions& options, const Command& command,
                 const ProcessEnd& end, const Words& words) {
    outcome.verdicts.push_back(judge_end(end, outcome.log, options));
    Json gem5{{"path", command.program}, {"configuration", kGem5Configuration}};
    if (const std::string version = gem5_version(words.banner); !version.empty()) {
        gem5["version"] = version;
    }
    outcome.host = Json{{"gem5", gem5}, {"command", command.arguments}};
    outcome.ending = "gem5: " + describe(end);
    outcome.log_written = outcome.log_written && words.written;
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
    Words words;
    Listener listener(drafts, console);
    const ProcessEnd end =
        simulate(command, options, folder / kTerminalFile, drafts, listener, words);
    Outcome outcome = listener.finish();
    if (end.ending == Ending::kNotStarted) {
        return refuse(console,
                      fmt::format("cannot start gem5 (\"{}\"): {}", program, describe(end)));
    }
    const bool by_itself = end.ending == Ending::kExited || end.ending == Ending::kSignalled;
    if (by_itself && !listener.heard_anything()) {
        return refuse(console, fmt::format("gem5 ended before the target said anything ({}): {}",
                                           describe(end), last_lines(words.error)));
    }
    add_machine(outcome, options, command, end, words);
    return conclude(outcome, options, drafts, started, console);
}

}  // namespace hm::host
