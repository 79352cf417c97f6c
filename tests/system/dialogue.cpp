#include "tests/system/dialogue.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace hm::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMomentMs = 50;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::system_category(), what);
}

/// `input` and `output` become those of the child, which does not outlive this program.
pid_t start(const std::vector<std::string>& command, int input, int output, int error) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::dup2(input, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
            (error < 0 || ::dup2(error, STDERR_FILENO) >= 0)) {
            ::execvp(arguments[0], arguments.data());
        }
        ::_exit(127);
    }
    return child;
}

/// The status of a child that has ended, as the shell sees it.
std::optional<int> ended(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) {
        return std::nullopt;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void kill_and_bury(pid_t child) {
    ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

Dialogue::Dialogue(const std::vector<std::string>& command) {
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) {
        fail("posix_openpt");
    }
    const int far_end = ::open(::ptsname(terminal_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios settings{};
    if (far_end < 0 || ::tcgetattr(far_end, &settings) != 0) {
        fail("open a pseudo-terminal");
    }
    // QEMU switches output processing on again, so no kind of it may be set.
    ::cfmakeraw(&settings);
    settings.c_oflag = 0;
    ::tcsetattr(far_end, TCSANOW, &settings);
    child_ = start(command, far_end, far_end, far_end);
    ::close(far_end);
}

Dialogue::~Dialogue() {
    if (child_ > 0) {
        kill_and_bury(child_);
    }
    ::close(terminal_);
}

bool Dialogue::read_some() {
    pollfd state{terminal_, POLLIN, 0};
    if (::poll(&state, 1, kMomentMs) <= 0) {
        return true;
    }
    std::array<char, 4096> chunk;
    const ssize_t got = ::read(terminal_, chunk.data(), chunk.size());
    if (got > 0) {
        transcript_.append(chunk.data(), static_cast<std::size_t>(got));
        return true;
    }
    // The far end is closed: EIO.
    return got < 0 && errno == EINTR;
}

bool Dialogue::expect(std::string_view text, Duration limit) {
    const auto deadline = Clock::now() + limit;
    bool more = true;
    // What comes is looked at once: a whole run comes a few bytes at a time.
    std::size_t from = taken_;
    while (true) {
        const std::size_t found = transcript_.find(text, from);
        if (found != std::string::npos) {
            taken_ = found + text.size();
            return true;
        }
        if (!more || Clock::now() >= deadline) {
            return false;
        }
        // The end of it may be where the text begins.
        from = std::max(from, transcript_.size() - std::min(transcript_.size(), text.size()));
        more = read_some();
    }
}

void Dialogue::send(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t sent = ::write(terminal_, text.data(), text.size());
        if (sent < 0 && errno != EINTR) {
            fail("write to a pseudo-terminal");
        }
        text.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    }
}

std::optional<int> Dialogue::lend_to(const std::vector<std::string>& command,
                                     Duration limit) const {
    const pid_t other = start(command, terminal_, terminal_, -1);
    const auto deadline = Clock::now() + limit;
    while (Clock::now() < deadline) {
        if (const auto status = ended(other)) {
            return status;
        }
        ::usleep(kMomentMs * 1000);
    }
    kill_and_bury(other);
    return std::nullopt;
}

std::optional<int> Dialogue::wait(Duration limit) {
    const auto deadline = Clock::now() + limit;
    bool more = true;
    while (more && Clock::now() < deadline) {
        more = read_some();
    }
    // It has closed its end, so it is about to exit.
    while (Clock::now() < deadline) {
        if (const auto status = ended(child_)) {
            child_ = -1;
            return status;
        }
        ::usleep(kMomentMs * 1000);
    }
    return std::nullopt;
}

}  // namespace hm::test
