#include "host/machine/qemu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "host/base/files.hpp"
#include "host/log/json.hpp"
#include "host/machine/image_file.hpp"
#include "host/machine/machine_verdicts.hpp"
#include "host/machine/qemu_versions.hpp"
#include "host/machine/qmp.hpp"
#include "host/machine/standstill.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// More of QEMU's standard error helps nobody.
constexpr std::size_t kErrorBytes = 65536;

/// QEMU logs each access that its guest should not make.
constexpr std::uintmax_t kMostComplaints = std::uintmax_t{16} << 20;

/// A record that came since then counts as just come.
constexpr std::chrono::milliseconds kFresh{500};

/// For the target to turn its machine off.
constexpr std::chrono::milliseconds kToTurnOff{400};

class Qemu final : public Machine {
  public:
    Qemu(const RunOptions& options, std::unique_ptr<QemuTask> task)
        : options_(options), task_(std::move(task)) {}

    [[nodiscard]] std::string prepare() override {
        program_ = find_program(options_.qemu);
        if (program_.empty()) {
            return fmt::format("cannot start QEMU: no program \"{}\"", options_.qemu);
        }
        if (std::string why = task_->prepare(program_); !why.empty()) {
            return why;
        }
        if (std::string why = monitor_.error(); !why.empty()) {
            return why;
        }
        has_sandbox_ = qemu_has_sandbox(program_);
        version_ = qemu_version(program_);
        return {};
    }

    [[nodiscard]] std::string command() const override {
        return fmt::format("{} {} ({})", program_, fmt::join(command_.arguments, " "), version_);
    }

    [[nodiscard]] std::string warning() const override { return qemu_warning(version_); }

    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override {
        complaints_ = drafts.own_log;
        earlier_complaints_ = read_file(complaints_).value_or("");
        std::error_code ignored;
        fs::remove(complaints_, ignored);
        const fs::path complaints = name_for_qemu(complaints_);
        const QemuStart start = task_->start();
        command_ = qemu_command(start, {program_, complaints, monitor_.socket(), has_sandbox_});
        if (start.records()) {
            command_.on_side_output = [this](std::string_view bytes) { standstill_.take(bytes); };
        }
        on_output_ = [this, &listener](std::string_view bytes) { task_->hear(bytes, listener); };
        on_error_ = [this](std::string_view bytes) {
            error_ += bytes.substr(0, kErrorBytes - std::min(kErrorBytes, error_.size()));
        };
        // The limit is that of the whole run.
        process_.emplace(command_, ProcessLimits{time_left(listener), ProcessLimits{}.grace});
        const int error = process_->start_error();
        return error == 0 ? std::string()
                          : fmt::format("cannot start QEMU (\"{}\"): {}", program_,
                                        describe({Ending::kNotStarted, error}));
    }

    [[nodiscard]] bool read(Listener& listener) override {
        const bool runs = process_->read(on_output_, on_error_);
        if (!runs) {
            return false;
        }
        if (listener.so_far().ended()) {
            end_it();
        } else {
            given_up_ = why_to_give_up(listener);
        }
        return given_up_.empty();
    }

    void interrupt(int signal) override { process_->interrupt(signal); }

    [[nodiscard]] MachineEnd end(Listener& listener) override {
        const ProcessEnd end = process_->end(on_output_, on_error_);
        const RunLog& log = listener.so_far();
        MachineEnd known;
        known.verdicts = task_->conclude(listener);
        if (end.ending == Ending::kExited && !listener.heard_anything()) {
            known.refusal = fmt::format("QEMU ended before the target said anything ({}){}{}",
                                        describe(end), error_.empty() ? "" : ": ", error_);
            return known;
        }
        if (const auto clock = judge_clock(log, options_.clock)) {
            known.verdicts.push_back(*clock);
        }
        if (given_up_.empty()) {
            known.verdicts.push_back(judge_end(end, log, options_));
        }
        known.log_error = keep_complaints() ? 0 : errno;
        known.verdicts.push_back(judge_complaints(read_file(complaints_).value_or(""),
                                                  task_->start().board->qemu.own_complaint));
        Json host{{"qemu", Json{{"path", program_},
                                {"version", version_},
                                {"cores", options_.cores()},
                                {"sandbox", has_sandbox_}}},
                  {"command", command_.arguments},
                  {"standard_error", error_}};
        host.update(parse_json(task_->host()).value_or(Json::object()));
        known.host = dump(host);
        known.ending = "QEMU: " + (given_up_.empty() ? describe(end) : "given up, " + given_up_);
        known.interrupted = end.ending == Ending::kInterrupted;
        known.lost = why_lost(end, log);
        return known;
    }

  private:
    /// The target has said all that it will. Many machines turn themselves off then; QEMU 7.2 hangs
    /// where it is asked to end at that very moment (monitor/monitor.c, monitor_cleanup).
    void end_it() {
        const auto now = std::chrono::steady_clock::now();
        if (!ask_at_) {
            ask_at_ = now + kToTurnOff;
        } else if (!asked_ && now >= *ask_at_) {
            asked_ = true;
            monitor_.quit();
            process_->finish(0, ProcessLimits{}.grace);
        }
    }

    [[nodiscard]] std::chrono::milliseconds time_left(const Listener& listener) const {
        const std::chrono::duration<double> used(listener.seconds());
        return options_.time_limit - std::chrono::duration_cast<std::chrono::milliseconds>(used);
    }

    /// QEMU takes a '%' in the name of its log for its own number (util/log.c), so that it gets
    /// another name for the same folder.
    [[nodiscard]] fs::path name_for_qemu(const fs::path& log) const {
        if (log.string().find('%') == std::string::npos) {
            return log;
        }
        std::error_code ignored;
        const fs::path link = monitor_.socket().parent_path() / "out";
        fs::create_directory_symlink(fs::absolute(log.parent_path()), link, ignored);
        return link / log.filename();
    }

    /// Why nothing more is to be expected of the machine that runs; empty: something is.
    [[nodiscard]] std::string why_to_give_up(const Listener& listener) {
        if (standstill_.found()) {
            return "its machine hung: one exception followed another, and no instruction";
        }
        std::error_code error;
        const auto complained = fs::file_size(complaints_, error);
        if (!error && complained > kMostComplaints) {
            complains_ = true;
            return fmt::format("QEMU complained of more than {} MB: see qemu.log",
                               kMostComplaints >> 20);
        }
        if (is_stalled(listener)) {
            return fmt::format("its machine hung: no record came for {} s (--stall-limit)",
                               options_.stall_limit.count());
        }
        return {};
    }

    /// On a busy computer QEMU may get no processor for long; that says nothing of its machine.
    [[nodiscard]] bool is_stalled(const Listener& listener) {
        const std::chrono::duration<double> idle(listener.seconds_without_progress());
        if (idle < options_.stall_limit) {
            if (idle < kFresh || !starved_before_) {
                starved_before_ = process_->starved();
            }
            return false;
        }
        return idle -
                   (process_->starved() - starved_before_.value_or(std::chrono::milliseconds{0})) >
               options_.stall_limit;
    }

    /// Why the target did not get to its end record; empty if it did, or if this program ended it.
    [[nodiscard]] std::string why_lost(const ProcessEnd& end, const RunLog& log) const {
        if (complains_) {
            return {};  // the next one would too
        }
        if (log.end_ok || !given_up_.empty()) {
            return given_up_;
        }
        if (log.gave_up) {
            return "its monitor gave up, and uart.log says why";
        }
        return end.ending == Ending::kExited || end.ending == Ending::kSignalled
                   ? "its machine ended: " + describe(end)
                   : std::string();
    }

    /// Each QEMU has its log: puts what an earlier one wrote before it.
    [[nodiscard]] bool keep_complaints() const {
        return earlier_complaints_.empty() ||
               write_file(complaints_, earlier_complaints_ + read_file(complaints_).value_or(""));
    }

    const RunOptions& options_;
    std::unique_ptr<QemuTask> task_;
    std::string program_;
    fs::path complaints_;
    Qmp monitor_;
    bool has_sandbox_ = false;
    std::optional<std::chrono::steady_clock::time_point> ask_at_;
    bool asked_ = false;
    Command command_;
    std::optional<Process> process_;
    Sink on_output_, on_error_;
    std::string error_;
    Standstill standstill_;
    std::string given_up_;
    bool complains_ = false;  ///< of too much
    std::string version_;
    std::optional<std::chrono::milliseconds> starved_before_;  ///< when the last record came
    std::string earlier_complaints_;
};

/// The board's image.
class BoardTask final : public QemuTask {
  public:
    explicit BoardTask(const RunOptions& options) : options_(options) {}

    [[nodiscard]] std::string prepare(const std::string& /*program*/) override {
        return why_not_started(start());
    }
    [[nodiscard]] QemuStart start() const override { return qemu_start(options_); }

  private:
    const RunOptions& options_;
};

constexpr std::array<std::string_view, 6> kQemuOptions{"--clock",  "--qemu",        "--entry",
                                                       "--golden", "--stall-limit", "--machines"};

}  // namespace

std::unique_ptr<Machine> make_qemu(const RunOptions& options, std::unique_ptr<QemuTask> task) {
    return std::make_unique<Qemu>(options, std::move(task));
}

std::string why_not_started(const QemuStart& start) {
    const bool by_uimage = start.board->qemu.hyp_by_uimage && start.entry == EntryMode::kHyp;
    if (std::string why = by_uimage ? why_no_uimage(start.image) : why_not_loadable(start.image);
        !why.empty()) {
        return why;
    }
    return start.tree.empty() || fs::is_regular_file(start.tree)
               ? std::string()
               : fmt::format(
                     "no device tree \"{}\", which gives the image its parameters; build it",
                     start.tree.string());
}

constinit const MachineKind kQemu{
    .name = "QEMU",
    .form = "qemu",
    .meaning = "",
    .own_log = "qemu.log",
    // It is given up when it makes no progress.
    .time_limit = kNoTimeLimit,
    .boots_uimage = false,
    .goes_on = true,
    .options = kQemuOptions,
    .host_keys = HostKeys::kAny,
    .hardware = "",
    .why_not =
        [](const Board& board) {
            return board.has_qemu()
                       ? std::string()
                       : fmt::format(
                             "QEMU has no machine for board {}: name the board's serial "
                             "port with --machine serial:DEVICE",
                             board.name);
        },
    .make = [](const RunOptions& options, const Console&) -> std::unique_ptr<Machine> {
        return make_qemu(options, std::make_unique<BoardTask>(options));
    }};

}  // namespace hm::host
