#include "host/machine/qemu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "host/base/files.hpp"
#include "host/log/json.hpp"
#include "host/machine/machine_verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

using measure::Key;

/// More of QEMU's standard error helps nobody.
constexpr std::size_t kErrorBytes = 65536;

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
                "no device tree \"{}\", which gives the image the size of its memory; build it, or "
                "leave the memory at 1G",
                options_.tree.string());
        }
        return {};
    }

    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override {
        complaints_ = drafts.own_log;
        command_ = qemu_command(options_, program_, complaints_);
        on_output_ = [&listener](std::string_view bytes) { listener.take(bytes); };
        on_error_ = [this](std::string_view bytes) {
            error_ += bytes.substr(0, kErrorBytes - std::min(kErrorBytes, error_.size()));
        };
        process_.emplace(command_, ProcessLimits{options_.time_limit, ProcessLimits{}.grace});
        const int error = process_->start_error();
        return error == 0 ? std::string()
                          : fmt::format("cannot start QEMU (\"{}\"): {}", program_,
                                        describe({Ending::kNotStarted, error}));
    }

    [[nodiscard]] bool read(Listener&) override { return process_->read(on_output_, on_error_); }

    [[nodiscard]] MachineEnd end(Listener& listener) override {
        const ProcessEnd end = process_->end(on_output_, on_error_);
        const RunLog& log = listener.finish();
        MachineEnd known;
        if (end.ending == Ending::kExited && !listener.heard_anything()) {
            known.refusal = fmt::format("QEMU ended before the target said anything ({}): {}",
                                        describe(end), error_);
            return known;
        }
        if (const auto clock = judge_clock(log, options_.clock)) {
            known.verdicts.push_back(*clock);
        }
        known.verdicts.push_back(judge_end(end, log, options_));
        known.verdicts.push_back(judge_complaints(read_file(complaints_).value_or("")));
        known.host =
            dump(Json{{"qemu", Json{{"path", program_}, {"version", qemu_version(program_)}}},
                      {"command", command_.arguments},
                      {"standard_error", error_}});
        known.ending = "QEMU: " + describe(end);
        return known;
    }

  private:
    const RunOptions& options_;
    std::string program_;
    fs::path complaints_;
    Command command_;
    std::optional<Process> process_;
    Sink on_output_, on_error_;
    std::string error_;
};

/// `line` as arguments of QEMU's semihosting, after the program's name; a comma is written twice.
std::string for_semihosting(const std::string& line) {
    std::string arguments = ",arg=hypmeter,arg=";
    for (const char c : line) {
        arguments += c == ' ' ? ",arg=" : std::string(c == ',' ? 2 : 1, c);
    }
    return arguments;
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

Command qemu_command(const RunOptions& options, const std::string& program,
                     const fs::path& complaints) {
    const board::QemuFacts& machine = options.board->qemu;
    const bool has_tree = machine.has_tree || !options.tree.empty();
    const std::string line = target_command_line(options);
    std::vector<std::string> arguments{"-cpu", "cortex-a15,cntfrq=1000000000"};
    if (options.clock == ClockSource::kInstructions) {
        // One instruction is one cycle is one tick, only of the virtual clock. While a core waits,
        // QEMU's main loop sets the clock on to the next deadline. It may look at a core that is
        // just going to sleep, whose last instructions are not counted yet, and then sets it too
        // far. A QEMU that records never does: its main loop runs only while no core executes
        // (icount_prepare_for_run() and icount_process_data(), accel/tcg/tcg-accel-ops-icount.c).
        // Nobody needs the recording.
        // With two cores it cannot record.
        const bool records = options.get(Key::kSmp) == 1;
        arguments.insert(arguments.end(),
                         {"-icount", std::string("shift=0,sleep=off") +
                                         (records ? ",rr=record,rrfile=/dev/null" : "")});
    }
    arguments.insert(
        arguments.end(),
        {"-smp", fmt::format("{}", options.get(Key::kSmp)), "-m",
         fmt::format("{}M", options.get(Key::kMemory) / measure::kMiB),
         // The UART is standard output, and nothing else is.
         "-nographic", "-nic", "none", "-monitor", "none", "-serial", "stdio", "-d",
         "guest_errors,unimp", "-D", complaints.string(), "-kernel", options.image.string()});
    // Some machines have sound, which QEMU would open on this computer.
    arguments.insert(
        arguments.end(),
        {"-M",
         fmt::format(
             "{}{}", machine.name,
             options.entry == EntryMode::kSecure ? machine.secure_suffix : machine.hyp_suffix),
         "-audiodev", "none,id=none", "-semihosting-config",
         "enable=on,target=native" + (has_tree ? std::string() : for_semihosting(line))});
    if (has_tree) {
        arguments.insert(arguments.end(), {"-append", line});
    }
    if (!options.tree.empty()) {
        arguments.insert(arguments.end(), {"-dtb", options.tree.string()});
    }
    return {program, std::move(arguments)};
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
