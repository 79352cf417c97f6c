#include "host/machine/qemu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "host/base/files.hpp"
#include "host/log/json.hpp"
#include "host/machine/machine_verdicts.hpp"
#include "host/machine/qmp.hpp"
#include "host/machine/standstill.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

using measure::Key;

/// More of QEMU's standard error helps nobody.
constexpr std::size_t kErrorBytes = 65536;

/// For the target to turn its machine off.
constexpr std::chrono::milliseconds kToTurnOff{400};

/// Where its clock counts instructions, it records what it does. It cannot record two cores.
bool records(const RunOptions& options) {
    return options.clock == ClockSource::kInstructions && options.get(Key::kSmp) == 1;
}

class Qemu final : public Machine {
  public:
    explicit Qemu(const RunOptions& options) : options_(options) {}

    [[nodiscard]] std::string prepare() override {
        program_ = find_program(options_.qemu);
        if (program_.empty()) {
            return fmt::format("cannot start QEMU: no program \"{}\"", options_.qemu);
        }
        if (!fs::is_regular_file(options_.image)) {
            return fmt::format("no image \"{}\"; build it, or name one with --image",
                               options_.image.string());
        }
        if (!options_.tree.empty() && !fs::is_regular_file(options_.tree)) {
            return fmt::format(
                "no device tree \"{}\", which gives the image its parameters; build it",
                options_.tree.string());
        }
        if (std::string why = monitor_.error(); !why.empty()) {
            return why;
        }
        has_sandbox_ = qemu_has_sandbox(program_);
        return {};
    }

    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override {
        complaints_ = drafts.own_log;
        earlier_complaints_ = read_file(complaints_).value_or("");
        std::error_code ignored;
        fs::remove(complaints_, ignored);
        command_ = qemu_command(options_, {program_, complaints_, monitor_.socket(), has_sandbox_});
        if (records(options_)) {
            command_.on_side_output = [this](std::string_view bytes) { standstill_.take(bytes); };
        }
        on_output_ = [&listener](std::string_view bytes) { listener.take(bytes); };
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

    [[nodiscard]] MachineEnd end(Listener& listener) override {
        const ProcessEnd end = process_->end(on_output_, on_error_);
        const RunLog& log = listener.so_far();
        MachineEnd known;
        if (end.ending == Ending::kExited && !listener.heard_anything()) {
            known.refusal = fmt::format("QEMU ended before the target said anything ({}): {}",
                                        describe(end), error_);
            return known;
        }
        if (const auto clock = judge_clock(log, options_.clock)) {
            known.verdicts.push_back(*clock);
        }
        if (given_up_.empty()) {
            known.verdicts.push_back(judge_end(end, log, options_));
        }
        known.log_written = keep_complaints();
        known.verdicts.push_back(judge_complaints(read_file(complaints_).value_or("")));
        known.host = dump(Json{{"qemu", Json{{"path", program_},
                                             {"version", qemu_version(program_)},
                                             {"sandbox", has_sandbox_}}},
                               {"command", command_.arguments},
                               {"standard_error", error_}});
        known.ending = "QEMU: " + (given_up_.empty() ? describe(end) : "given up");
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

    /// Why nothing more is to be expected of the machine that runs; empty: something is.
    [[nodiscard]] std::string why_to_give_up(const Listener& listener) const {
        if (standstill_.found()) {
            return "its machine hung: one exception followed another, and no instruction";
        }
        const RunLog& log = listener.so_far();
        const std::chrono::seconds limit = silence_limit(options_);
        if (log.begin && listener.seconds_of_silence() > static_cast<double>(limit.count())) {
            return fmt::format("its machine hung: it said nothing for {} s", limit.count());
        }
        return {};
    }

    /// Why the target did not get to its end record; empty if it did, or if this program ended it.
    [[nodiscard]] std::string why_lost(const ProcessEnd& end, const RunLog& log) const {
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
    std::string earlier_complaints_;
};

/// What QEMU never needs here (qemu(1), "-sandbox"): obsolete system calls, other users' rights,
/// programs of its own, and other priorities.
constexpr const char* kSandbox =
    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

/// `path` as a value within one of QEMU's options, where a comma is written twice.
std::string escaped(const fs::path& path) {
    std::string text;
    for (const char c : path.string()) {
        text.append(c == ',' ? 2 : 1, c);
    }
    return text;
}

constexpr std::array<std::string_view, 4> kQemuOptions{"--clock", "--qemu", "--entry", "--golden"};

}  // namespace

constinit const MachineKind kQemu{
    .name = "QEMU",
    .form = "qemu",
    .meaning = "",
    .own_log = "qemu.log",
    .time_limit = std::chrono::seconds(120),
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
        return std::make_unique<Qemu>(options);
    }};

Command qemu_command(const RunOptions& options, const QemuPlace& place) {
    const board::QemuFacts& machine = options.board->qemu;
    std::vector<std::string> arguments{"-cpu", "cortex-a15,cntfrq=1000000000"};
    if (options.clock == ClockSource::kInstructions) {
        // One instruction is one cycle is one tick, only of the virtual clock. While a core waits,
        // QEMU's main loop sets the clock on to the next deadline. It may look at a core that is
        // just going to sleep, whose last instructions are not counted yet, and then sets it too
        // far. A QEMU that records never does: its main loop runs only while no core executes
        // (icount_prepare_for_run() and icount_process_data(), accel/tcg/tcg-accel-ops-icount.c).
        // Of the recording only Standstill reads anything.
        arguments.insert(
            arguments.end(),
            {"-icount",
             std::string("shift=0,sleep=off") +
                 (records(options) ? fmt::format(",rr=record,rrfile=/dev/fd/{}", kSideOutput)
                                   : std::string())});
    }
    arguments.insert(arguments.end(),
                     {"-smp", fmt::format("{}", options.get(Key::kSmp)), "-m",
                      fmt::format("{}M", options.get(Key::kMemory) / measure::kMiB),
                      // The UART is standard output, and nothing else is.
                      "-nographic", "-nic", "none", "-monitor", "none", "-serial", "stdio", "-d",
                      "guest_errors,unimp", "-D", place.complaints.string(), "-qmp",
                      fmt::format("unix:{},server=on,wait=off", escaped(place.monitor)), "-kernel",
                      options.image.string(), "-append", target_command_line(options)});
    if (place.sandbox) {
        arguments.insert(arguments.end(), {"-sandbox", kSandbox});
    }
    // Some machines have sound, which QEMU would open on this computer.
    arguments.insert(arguments.end(),
                     {"-M",
                      fmt::format("{}{}", machine.name,
                                  options.entry == EntryMode::kSecure ? machine.secure_suffix
                                                                      : machine.hyp_suffix),
                      "-audiodev", "none,id=none"});
    if (!options.tree.empty()) {
        arguments.insert(arguments.end(), {"-dtb", options.tree.string()});
    }
    return {place.program, std::move(arguments)};
}

bool qemu_has_sandbox(const std::string& program) {
    // The sandbox begins before QEMU looks at the machine, and then it only lists the names.
    const ProcessLimits limits{std::chrono::seconds(5), std::chrono::milliseconds(100)};
    const auto ignore = [](std::string_view) {};
    const ProcessEnd end =
        run_process({program, {"-sandbox", kSandbox, "-M", "help"}}, limits, ignore, ignore);
    return end.ending == Ending::kExited && end.code == 0;
}

std::string qemu_version(const std::string& program) {
    std::string text;
    const ProcessLimits limits{std::chrono::seconds(5), std::chrono::milliseconds(100)};
    const ProcessEnd end = run_process(
        {program, {"--version"}}, limits,
        [&text](std::string_view more) { text += more.substr(0, 4096); }, [](std::string_view) {});
    return end.ending == Ending::kExited && end.code == 0 ? text.substr(0, text.find('\n'))
                                                          : std::string();
}

}  // namespace hm::host
