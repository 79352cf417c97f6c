#include "host/alone/user_machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>

#include "host/alone/alone.hpp"
#include "host/base/file_writer.hpp"
#include "host/base/process.hpp"
#include "host/log/console_prefix.hpp"
#include "host/log/json.hpp"
#include "host/machine/machine_verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kErrorBytes = 4096;

/// For it to end by itself, once the guest has turned its machine off.
constexpr std::chrono::milliseconds kToTurnOff{400};

class UserMachine final : public Machine {
  public:
    explicit UserMachine(const RunOptions& options)
        : options_(options), prefix_(options.under.file.prefix) {}

    [[nodiscard]] std::string prepare() override;
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override;
    [[nodiscard]] bool read(Listener& listener) override;
    [[nodiscard]] MachineEnd end(Listener& listener) override;
    [[nodiscard]] std::string command() const override {
        return fmt::format("{} {}", command_.program, fmt::join(command_.arguments, " "));
    }
    void interrupt(int signal) override { process_->interrupt(signal); }

  private:
    const RunOptions& options_;
    ConsolePrefix prefix_;
    Command command_;
    std::optional<FileWriter> own_log_;
    std::string error_;  ///< the beginning of its standard error
    Sink on_output_, on_error_;
    std::optional<Process> process_;
    std::optional<std::chrono::steady_clock::time_point> end_at_;
    bool ended_here_ = false;
};

std::string UserMachine::prepare() {
    if (std::string why = read_alone_image(options_.image).error; !why.empty()) {
        return why;
    }
    const fs::path file = fs::absolute(options_.machine.where);
    std::vector<std::string> words =
        filled_in(options_.under.file.command, {.image = fs::absolute(options_.image).string(),
                                                .bootargs = target_command_line(options_),
                                                .folder = file.parent_path().string()});
    command_.program = find_program(words.front());
    command_.arguments.assign(words.begin() + 1, words.end());
    return command_.program.empty()
               ? fmt::format("cannot start {}: no program \"{}\", which \"{}\" names",
                             options_.under.name, words.front(), options_.machine.where)
               : std::string();
}

std::string UserMachine::start(const Drafts& drafts, Listener& listener) {
    own_log_.emplace(drafts.own_log);
    on_output_ = [this, &listener](std::string_view bytes) { listener.take(prefix_.feed(bytes)); };
    on_error_ = [this](std::string_view bytes) {
        own_log_->write(bytes);
        error_ += bytes.substr(0, kErrorBytes - std::min(kErrorBytes, error_.size()));
    };
    process_.emplace(command_, ProcessLimits{options_.time_limit, ProcessLimits{}.grace});
    const int error = process_->start_error();
    return error == 0 ? std::string()
                      : fmt::format("cannot start \"{}\": {}", command_.program,
                                    describe({Ending::kNotStarted, error}));
}

bool UserMachine::read(Listener& listener) {
    const bool runs = process_->read(on_output_, on_error_);
    if (runs && listener.so_far().ended()) {
        const auto now = std::chrono::steady_clock::now();
        if (!end_at_) {
            end_at_ = now + kToTurnOff;
        } else if (!ended_here_ && now >= *end_at_) {
            // A hypervisor may go on without its guest.
            ended_here_ = true;
            process_->finish(SIGTERM, ProcessLimits{}.grace);
        }
    }
    return runs;
}

MachineEnd UserMachine::end(Listener& listener) {
    ProcessEnd end = process_->end(on_output_, on_error_);
    if (ended_here_ && (end.ending == Ending::kSignalled || end.ending == Ending::kExited)) {
        end = {Ending::kDone, 0};
    }
    listener.take(prefix_.finish());
    own_log_->close();
    MachineEnd known;
    const bool by_itself = end.ending == Ending::kExited || end.ending == Ending::kSignalled;
    if (by_itself && !listener.heard_anything()) {
        known.refusal = fmt::format("\"{}\" ended before the guest said anything ({}){}{}",
                                    command_.program, describe(end), error_.empty() ? "" : ": ",
                                    error_.substr(0, error_.find('\n')));
        return known;
    }
    const RunLog& log = listener.finish();
    known.verdicts = judge_under(log, options_.under);
    known.verdicts.push_back(judge_end(end, log, options_));
    Json command = Json::array({command_.program});
    for (const std::string& argument : command_.arguments) {
        command.push_back(argument);
    }
    known.host = dump(Json{{"command", command}, {"standard_error", error_}});
    known.ending = fmt::format("{}: {}", options_.under.name, describe(end));
    known.interrupted = end.ending == Ending::kInterrupted;
    known.log_error = own_log_->error();
    return known;
}

}  // namespace

constinit const MachineKind kUserAlone{
    .name = "a hypervisor of the user's",
    .form = "qemu-args:FILE",
    .meaning = "one that you have, as a short file says",
    .own_log = "hypervisor.log",
    .time_limit = std::chrono::minutes(15),
    .boots_uimage = false,
    .goes_on = false,
    .options = {},
    .host_keys = HostKeys::kNone,
    .hardware = "the command in the file says what machine the guest gets",
    .why_not = [](const Board&) { return std::string(); },
    .make = [](const RunOptions& options, const Console&) -> std::unique_ptr<Machine> {
        return std::make_unique<UserMachine>(options);
    }};

}  // namespace hm::host
