#include "host/machine/qemu_command.hpp"

#include <fmt/format.h>

#include <chrono>

namespace hm::host {
namespace {

using measure::Key;

/// What QEMU never needs here (qemu(1), "-sandbox"): obsolete system calls, other users' rights,
/// programs of its own, and other priorities.
constexpr const char* kSandbox =
    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

/// The machine, its core and its memory.
std::vector<std::string> machine_arguments(const QemuStart& start) {
    const board::QemuFacts& machine = start.board->qemu;
    std::vector<std::string> arguments{
        "-M",
        fmt::format("{}{}", machine.name,
                    start.entry == EntryMode::kSecure ? machine.secure_suffix : machine.hyp_suffix),
        "-cpu",
        fmt::format("{},cntfrq=1000000000", start.board->core),
        "-m",
        fmt::format("{}M", machine.megabytes != 0 ? machine.megabytes : start.megabytes)};
    if (machine.cores == 0) {
        arguments.insert(arguments.end(), {"-smp", fmt::format("{}", start.cores)});
    }
    return arguments;
}

}  // namespace

std::string qemu_value(const std::filesystem::path& path) {
    std::string text;
    for (const char c : path.string()) {
        text.append(c == ',' ? 2 : 1, c);
    }
    return text;
}

QemuStart qemu_start(const RunOptions& options) {
    return {.board = options.board,
            .entry = options.entry,
            .cores = options.get(Key::kSmp),
            .megabytes = options.get(Key::kMemory) / measure::kMiB,
            .shift = options.clock == ClockSource::kInstructions ? std::optional(0U) : std::nullopt,
            .image = options.image,
            .append = target_command_line(options),
            .tree = options.tree};
}

Command qemu_command(const RunOptions& options, const QemuPlace& place) {
    return qemu_command(qemu_start(options), place);
}

std::vector<std::string> qemu_tree_arguments(const QemuStart& start,
                                             const std::filesystem::path& file) {
    std::vector<std::string> arguments = machine_arguments(start);
    arguments.insert(arguments.end(),
                     {"-display", "none", "-machine", fmt::format("dumpdtb={}", qemu_value(file))});
    return arguments;
}

Command qemu_command(const QemuStart& start, const QemuPlace& place) {
    const board::QemuFacts& machine = start.board->qemu;
    std::vector<std::string> arguments = machine_arguments(start);
    if (start.shift) {
        // One instruction is one cycle is one tick, only of the virtual clock. While a core waits,
        // QEMU's main loop sets the clock on to the next deadline. It may look at a core that is
        // just going to sleep, whose last instructions are not counted yet, and then sets it too
        // far. A QEMU that records never does: its main loop runs only while no core executes
        // (icount_prepare_for_run() and icount_process_data(), accel/tcg/tcg-accel-ops-icount.c).
        // Of the recording only Standstill reads anything.
        arguments.insert(
            arguments.end(),
            {"-icount",
             fmt::format("shift={},sleep={}", *start.shift, start.has_input ? "on" : "off") +
                 (start.records() ? fmt::format(",rr=record,rrfile=/dev/fd/{}", kSideOutput)
                                  : std::string())});
    }
    arguments.insert(arguments.end(),
                     {// The UART is standard output, and nothing else is.
                      "-nographic", "-nic", "none", "-monitor", "none", "-serial", "stdio", "-d",
                      "guest_errors,unimp", "-D", place.complaints.string(), "-qmp",
                      fmt::format("unix:{},server=on,wait=off", qemu_value(place.monitor)),
                      "-kernel", start.image.string(), "-append", start.append});
    if (place.sandbox) {
        arguments.insert(arguments.end(), {"-sandbox", kSandbox});
    }
    // Some machines have sound, which QEMU would open on this computer; newer ones refuse to
    // start where the device is not given this back end.
    arguments.insert(arguments.end(), {"-audiodev", "none,id=none"});
    if (!machine.sound.empty()) {
        arguments.insert(arguments.end(),
                         {"-global", fmt::format("{}.audiodev=none", machine.sound)});
    }
    if (!start.tree.empty()) {
        arguments.insert(arguments.end(), {"-dtb", start.tree.string()});
    }
    arguments.insert(arguments.end(), start.more.begin(), start.more.end());
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
