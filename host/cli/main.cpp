// The hypmeter command for the host.

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <system_error>

#include "host/base/text.hpp"
#include "host/cli/main_command.hpp"

namespace {

constexpr std::size_t kDefaultWidth = 100;

std::size_t terminal_width() {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : kDefaultWidth;
}

/// A terminal that can replace a line.
bool takes_commands(int fd) {
    const char* kind = std::getenv("TERM");
    return ::isatty(fd) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

hm::host::ProgressMode progress_mode() {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && *ci != '\0') {
        return hm::host::ProgressMode::kQuiet;
    }
    return takes_commands(STDERR_FILENO) ? hm::host::ProgressMode::kTerminal
                                         : hm::host::ProgressMode::kLines;
}

/// https://no-color.org
bool colour_is_welcome() {
    const char* no = std::getenv("NO_COLOR");
    return takes_commands(STDERR_FILENO) && (no == nullptr || *no == '\0');
}

/// What was built, one folder per board: as installed beside this program, or in the source tree.
std::filesystem::path builds() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    std::filesystem::path installed =
        program.parent_path().parent_path() / "lib" / "hypmeter" / "build";
    return !error && std::filesystem::is_directory(installed, error) ? installed : HYPMETER_BUILDS;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const bool live =
            ::isatty(STDOUT_FILENO) != 0 && progress_mode() == hm::host::ProgressMode::kTerminal;
        const hm::host::Console console{std::cout, std::cerr, terminal_width(),   progress_mode(),
                                        nullptr,   live,      colour_is_welcome()};
        return hm::host::main_command({argv + 1, argv + argc}, builds(), console);
    } catch (const std::exception& error) {
        std::cerr << "hypmeter: " << hm::host::printable(error.what()) << std::endl;
        return hm::host::kFailed;
    }
}
