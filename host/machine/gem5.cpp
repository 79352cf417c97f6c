#include "host/machine/gem5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "host/base/file_writer.hpp"
#include "host/base/files.hpp"
#include "host/log/json.hpp"
#include "host/machine/device_tree.hpp"
#include "host/machine/image_file.hpp"
#include "host/machine/machine_verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// The file that gem5 names after the object: `system.terminal`.
constexpr const char* kTerminalFile = "system.terminal";
/// The script's own: its parameters and their values.
constexpr const char* kParametersFile = "parameters.json";
constexpr std::size_t kBannerBytes = 4096;
constexpr std::size_t kEndOfErrors = 4096;
constexpr std::size_t kErrorLines = 5;
constexpr std::chrono::seconds kToWriteStatistics{10};

/// A file that another program writes, read from its beginning as it grows.
class GrowingFile {
  public:
    explicit GrowingFile(fs::path path) : path_(std::move(path)) {}

    /// Passes on what is new; nothing while the file does not exist yet.
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

/// The last lines of `text`, in one, but not the places in its script that gem5 lists after an
/// error of Python.
std::string last_lines(std::string_view text) {
    text = text.substr(0, text.rfind("\n\nAt:\n"));
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

class Gem5 final : public Machine {
  public:
    explicit Gem5(const RunOptions& options)
        : options_(options), folder_(options.out / "gem5"), terminal_(folder_ / kTerminalFile) {}

    [[nodiscard]] std::string prepare() override;
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override;
    [[nodiscard]] bool read(Listener& listener) override;
    [[nodiscard]] MachineEnd end(Listener& listener) override;

  private:
    void read_terminal(Listener& listener) {
        terminal_.read([&listener](std::string_view bytes) { listener.take(bytes); });
    }

    const RunOptions& options_;
    fs::path folder_;  ///< gem5's own
    GrowingFile terminal_;
    std::string program_;
    std::optional<std::string> tree_;  ///< the device tree
    Command command_;
    std::optional<FileWriter> own_log_;
    std::string banner_;  ///< the beginning of its standard output
    std::string error_;   ///< the end of its standard error
    Sink on_output_, on_error_;
    std::optional<Process> process_;
};

std::string Gem5::prepare() {
    const std::string& where = options_.machine.where;
    program_ = find_program(where);
    if (program_.empty()) {
        return fmt::format(
            "cannot start gem5: no program \"{}\"; name yours, as in "
            "--machine gem5:TREE/build/ARM/gem5.opt",
            where);
    }
    const fs::path model = gem5_core_model(gem5_tree(program_));
    if (!fs::is_regular_file(model)) {
        return fmt::format(
            "no core model \"{}\": gem5 must be in its source tree, as TREE/build/ARM/gem5.opt",
            model.string());
    }
    if (!fs::is_regular_file(options_.gem5_script)) {
        return fmt::format("no configuration for gem5, \"{}\"", options_.gem5_script.string());
    }
    if (std::string why = why_not_loadable(options_.image); !why.empty()) {
        return why;
    }
    const auto tree = read_file(options_.tree);
    if (!tree) {
        return fmt::format("no device tree \"{}\", which gives the image its parameters; build it",
                           options_.tree.string());
    }
    tree_ = with_bootargs(*tree, target_command_line(options_));
    return tree_ ? std::string()
                 : fmt::format("\"{}\" is not a device tree with a /chosen; build it anew",
                               options_.tree.string());
}

std::string Gem5::start(const Drafts& drafts, Listener&) {
    // Otherwise the words of an earlier run would be taken for this one's, until gem5 opens the
    // file.
    std::error_code ignored;
    fs::remove(folder_ / kTerminalFile, ignored);
    fs::remove(folder_ / kParametersFile, ignored);
    fs::create_directories(folder_, ignored);
    if (!write_file(gem5_device_tree(folder_), *tree_)) {
        return fmt::format("cannot write \"{}\": {}", gem5_device_tree(folder_).string(),
                           std::strerror(errno));
    }
    command_ = gem5_command(options_, program_, folder_);
    own_log_.emplace(drafts.own_log);
    on_output_ = [this](std::string_view bytes) {
        own_log_->write(bytes);
        banner_ += bytes.substr(0, kBannerBytes - banner_.size());
    };
    on_error_ = [this](std::string_view bytes) {
        own_log_->write(bytes);
        error_ += bytes;
        error_.erase(0, error_.size() - std::min(kEndOfErrors, error_.size()));
    };
    process_.emplace(command_, ProcessLimits{options_.time_limit, ProcessLimits{}.grace});
    const int error = process_->start_error();
    return error == 0 ? std::string()
                      : fmt::format("cannot start gem5 (\"{}\"): {}", program_,
                                    describe({Ending::kNotStarted, error}));
}

bool Gem5::read(Listener& listener) {
    const bool runs = process_->read(on_output_, on_error_);
    read_terminal(listener);
    // gem5's machine cannot turn itself off. At SIGINT gem5 ends the simulation, and writes its
    // statistics (src/sim/init_signals.cc).
    if (runs && listener.so_far().ended()) {
        process_->finish(SIGINT, kToWriteStatistics);
    }
    return runs;
}

MachineEnd Gem5::end(Listener& listener) {
    const ProcessEnd end = process_->end(on_output_, on_error_);
    read_terminal(listener);
    own_log_->close();
    const RunLog& log = listener.finish();
    MachineEnd known;
    const bool by_itself = end.ending == Ending::kExited || end.ending == Ending::kSignalled;
    if (by_itself && !listener.heard_anything()) {
        known.refusal = fmt::format("gem5 ended before the target said anything ({}): {}",
                                    describe(end), last_lines(error_));
        return known;
    }
    known.verdicts.push_back(judge_end(end, log, options_));
    Json gem5{{"path", program_}};
    const std::string parameters = read_file(folder_ / kParametersFile).value_or("");
    const std::string configuration = gem5_configuration(parameters);
    known.verdicts.push_back(
        {"gem5's configuration is known", !configuration.empty(),
         configuration.empty()
             ? fmt::format("no \"{}\" by its script", (folder_ / kParametersFile).string())
             : configuration});
    if (!configuration.empty()) {
        gem5["configuration"] = configuration;
        gem5["parameters"] = *parse_json(parameters);
    }
    if (const std::string version = gem5_version(banner_); !version.empty()) {
        gem5["version"] = version;
    }
    known.host = dump(Json{{"gem5", gem5}, {"command", command_.arguments}});
    known.ending = "gem5: " + describe(end);
    known.interrupted = end.ending == Ending::kInterrupted;
    known.log_error = own_log_->error();
    return known;
}

constexpr std::string_view kGem5Options[]{"--gem5"};

std::string why_not_on_gem5(const Board& board) {
    std::string supported;
    for (const Board* const other : boards()) {
        if (other->has_gem5) {
            supported += fmt::format("{}{}", supported.empty() ? "" : ", ", other->name);
        }
    }
    return board.has_gem5 ? std::string()
                          : fmt::format("gem5 only runs board {}, not {}", supported, board.name);
}

}  // namespace

constinit const MachineKind kGem5{
    .name = "gem5",
    .form = "gem5:PATH",
    .meaning = "a gem5 that you have",
    .own_log = "gem5.log",
    // It executes some ten thousand instructions per second.
    .time_limit = std::chrono::hours(2),
    .boots_uimage = false,
    .goes_on = false,
    .options = kGem5Options,
    .host_keys = HostKeys::kDefaults,
    .hardware = "gem5's machine has one core and 1 GB",
    .why_not = why_not_on_gem5,
    .make = [](const RunOptions& options, const Console&) -> std::unique_ptr<Machine> {
        return std::make_unique<Gem5>(options);
    }};

fs::path gem5_tree(const std::string& program) {
    std::error_code ignored;
    return fs::weakly_canonical(program, ignored).parent_path().parent_path().parent_path();
}

fs::path gem5_core_model(const fs::path& tree) {
    return tree / "configs/common/cores/arm/ex5_big.py";
}

fs::path gem5_device_tree(const fs::path& folder) { return folder / "hypmeter.dtb"; }

Command gem5_command(const RunOptions& options, const std::string& program,
                     const fs::path& folder) {
    Command command{
        program,
        {"--outdir=" + folder.string(),
         // No other program may talk to the target in between.
         "--listener-mode=off", options.gem5_script.string(), "--image", options.image.string(),
         "--dtb", gem5_device_tree(folder).string(), "--tree", gem5_tree(program).string()}};
    if (!options.gem5_parameters.empty()) {
        command.arguments.emplace_back("--set");
        command.arguments.insert(command.arguments.end(), options.gem5_parameters.begin(),
                                 options.gem5_parameters.end());
    }
    return command;
}

std::string gem5_configuration(std::string_view parameters) {
    const std::optional<Json> values = parse_json(parameters);
    if (!values || !values->is_object() || values->empty()) {
        return {};
    }
    std::string text = "ex5_big with";
    for (const auto& [name, value] : values->items()) {
        text +=
            fmt::format(" {}={}", name, value.is_string() ? value.get<std::string>() : dump(value));
    }
    return text;
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

}  // namespace hm::host
