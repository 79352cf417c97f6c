#include "host/base/console_input.hpp"

#include <fcntl.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace hm::host {

RawTerminal::RawTerminal(int fd) : fd_(fd) {
    termios now{};
    if (::tcgetattr(fd, &now) != 0) {
        return;
    }
    before_ = now;
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ECHONL | IEXTEN);
    now.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    ::tcsetattr(fd, TCSANOW, &now);
}

RawTerminal::~RawTerminal() {
    if (before_) {
        ::tcsetattr(fd_, TCSANOW, &*before_);
    }
}

ConsoleInput::ConsoleInput(const std::filesystem::path& file)
    : before_(std::signal(SIGPIPE, SIG_IGN)) {
    if (file == "-") {
        from_ = STDIN_FILENO;
        raw_.emplace(from_);
    } else {
        own_ = FileDescriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        from_ = own_.get();
    }
    std::array<int, 2> ends{};
    if (from_ < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        error_ = errno;
        return;
    }
    to_child_ = FileDescriptor(ends[0]);
    into_ = FileDescriptor(ends[1]);
    (void)::fcntl(into_.get(), F_SETFL, O_NONBLOCK);
}

ConsoleInput::~ConsoleInput() { std::signal(SIGPIPE, before_); }

void ConsoleInput::pump() {
    pollfd state{from_, POLLIN, 0};
    if (pending_.empty() && into_.get() >= 0 && ::poll(&state, 1, 0) > 0) {
        std::array<char, 4096> buffer;
        const auto got = ::read(from_, buffer.data(), buffer.size());
        if (got > 0) {
            pending_.assign(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0) {
            into_.reset();  // its end
        }
    }
    if (!pending_.empty()) {
        const auto put = ::write(into_.get(), pending_.data(), pending_.size());
        if (put > 0) {
            pending_.erase(0, static_cast<std::size_t>(put));
        } else if (put < 0 && errno != EAGAIN && errno != EINTR) {
            pending_.clear();
            into_.reset();
        }
    }
}

}  // namespace hm::host
