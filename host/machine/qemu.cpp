#include "host/machine/qemu.hpp"

#include <fmt/format.h>

#include "host/machine/boards.hpp"

namespace hm::host {

using measure::Key;

std::string target_command_line(const RunOptions& options) {
    std::string line =
        fmt::format("suite={}", measure::kSuites[static_cast<std::size_t>(options.suite)].name);
    for (std::size_t i = 0; i < options.only.size(); ++i) {
        line += (i == 0 ? " only=" : ",") + options.only[i];
    }
    for (const auto& [key, value] : options.settings) {
        const measure::KeyInfo& info = measure::info(key);
        if (info.user == measure::User::kTarget) {
            line += info.kind == measure::Kind::kWord
                        ? fmt::format(" {}={}", info.name, measure::word_of(info.words, value))
                        : fmt::format(" {}={}", info.name, value);
        }
    }
    return line;
}

namespace {

/// `line` as arguments of QEMU's semihosting, after the program's name; a comma is written twice.
std::string for_semihosting(const std::string& line) {
    std::string arguments = ",arg=hypmeter,arg=";
    for (const char c : line) {
        arguments += c == ' ' ? ",arg=" : std::string(c == ',' ? 2 : 1, c);
    }
    return arguments;
}

}  // namespace

Command qemu_command(const RunOptions& options, const std::string& program,
                     const std::filesystem::path& complaints) {
    const QemuMachine& machine = find_board(options.board)->qemu;
    const bool has_tree = machine.has_tree || !options.tree.empty();
    const std::string line = target_command_line(options);
    std::vector<std::string> arguments{"-cpu", "cortex-a15,cntfrq=1000000000"};
    if (options.clock == ClockSource::kInstructions) {
        // One instruction is one cycle is one tick, of the virtual clock alone.
        arguments.insert(arguments.end(), {"-icount", "shift=0,sleep=off"});
    }
    arguments.insert(
        arguments.end(),
        {"-smp", fmt::format("{}", options.get(Key::kSmp)), "-m",
         fmt::format("{}M", options.get(Key::kMemory) / measure::kMiB),
         // The UART is standard output and nothing else is.
         "-nographic", "-nic", "none", "-monitor", "none", "-serial", "stdio", "-d",
         "guest_errors,unimp", "-D", complaints.string(), "-kernel", options.image.string()});
    // Not every machine is without sound, which QEMU would open on this computer.
    arguments.insert(
        arguments.end(),
        {"-M",
         fmt::format("{}{}", machine.name,
                     options.entry == EntryState::kSecure ? machine.secure : machine.hyp),
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
