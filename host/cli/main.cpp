// The hypmeter command for the host.

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "host/cli/main_command.hpp"

namespace {

constexpr std::size_t kDefaultWidth = 100;

std::size_t terminal_width() {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : kDefaultWidth;
}

hm::host::ProgressMode progress_mode() {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && *ci != '\0') {
        return hm::host::ProgressMode::kQuiet;
    }
    return ::isatty(STDERR_FILENO) != 0 ? hm::host::ProgressMode::kTerminal
                                        : hm::host::ProgressMode::kLines;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const hm::host::Console console{std::cout, std::cerr, terminal_width(), progress_mode()};
        return hm::host::main_command({argv + 1, argv + argc}, HYPMETER_BUILDS, console);
    } catch (const std::exception& error) {
        std::cerr << "hypmeter: " << error.what() << std::endl;
        return hm::host::kFailed;
    }
}
