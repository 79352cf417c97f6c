#include "host/qemu.hpp"

#include <fmt/format.h>

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
                        ? fmt::format(" {}={}", info.name, measure::word_of(info.words(), value))
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
    const bool is_virt = options.board == "virt";
    const bool secure = options.entry == EntryState::kSecure;
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
    const std::string semihosting = "enable=on,target=native";
    if (is_virt) {
        const std::string machine =
            fmt::format("virt,virtualization=on,gic-version=2{}", secure ? ",secure=on" : "");
        arguments.insert(arguments.end(),
                         {"-M", machine, "-semihosting-config", semihosting, "-append", line});
    } else {
        // It gives an ELF image no device tree, and would open the host's audio.
        const std::string machine = fmt::format("vexpress-a15{}", secure ? "" : ",secure=off");
        arguments.insert(arguments.end(),
                         {"-M", machine, "-audiodev", "none,id=none", "-semihosting-config",
                          semihosting + for_semihosting(line)});
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
