#include "host/machine/serial_line.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace hm::host {
namespace {

using std::chrono::milliseconds;

constexpr std::array<speed_t, kSpeeds.size()> kSpeedCodes{B9600,    B19200,   B38400,  B57600,
                                                          B115200,  B230400,  B460800, B921600,
                                                          B1000000, B1500000, B3000000};

/// Ports of this computer that may be the one: "/dev/ttyUSB0, /dev/ttyACM0".
std::string ports_here() {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("ttyUSB") || name.starts_with("ttyACM") || name.starts_with("ttyS")) {
            names.push_back(entry.path().string());
        }
    }
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text.empty() ? "none" : text;
}

std::string cannot_open(const std::string& device, int error) {
    switch (error) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return fmt::format("no serial port \"{}\"; ports here: {}", device, ports_here());
        case EACCES:
        case EPERM:
            return fmt::format(
                "no permission for port \"{}\": on Debian, the group dialout has it "
                "(sudo adduser $USER dialout, then log in anew)",
                device);
        case EBUSY:
            return fmt::format("port \"{}\" is busy: another program has it", device);
        default:
            return fmt::format("cannot open port \"{}\": {}", device, std::strerror(error));
    }
}

}  // namespace

std::string SerialLine::open() {
    // Without O_NONBLOCK it would wait for a modem's carrier.
    FileDescriptor port(::open(device_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (port.get() < 0) {
        return cannot_open(device_, errno);
    }
    if (::isatty(port.get()) == 0) {
        return fmt::format("\"{}\" is no serial port", device_);
    }
    // The lock keeps out programs that ask for one, and TIOCEXCL all others but root's.
    if (::flock(port.get(), LOCK_EX | LOCK_NB) != 0) {
        return cannot_open(device_, errno == EWOULDBLOCK ? EBUSY : errno);
    }
    (void)::ioctl(port.get(), TIOCEXCL);
    const int flags = ::fcntl(port.get(), F_GETFL);
    port_ = std::move(port);
    if (flags < 0 || ::fcntl(port_.get(), F_SETFL, flags & ~O_NONBLOCK) != 0 || !make_raw()) {
        close();
        return fmt::format("port \"{}\" cannot run at {} bits a second", device_, speed_);
    }
    return {};
}

void SerialLine::close() {
    if (is_open()) {
        (void)::ioctl(port_.get(), TIOCNXCL);
        port_.reset();
    }
}

/// 8 bits, no parity, no flow control, and every byte as it is.
bool SerialLine::make_raw() const {
    termios modes{};
    if (::tcgetattr(port_.get(), &modes) != 0) {
        return false;
    }
    ::cfmakeraw(&modes);
    modes.c_cflag |= CLOCAL | CREAD;
    // Lines that drop when the port closes would reset some boards.
    modes.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB | HUPCL);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    const auto* const found = std::find(kSpeeds.begin(), kSpeeds.end(), speed_);
    return found != kSpeeds.end() &&
           ::cfsetspeed(&modes, kSpeedCodes[static_cast<std::size_t>(found - kSpeeds.begin())]) ==
               0 &&
           ::tcsetattr(port_.get(), TCSANOW, &modes) == 0;
}

milliseconds SerialLine::time_left() const {
    return std::max(milliseconds(0),
                    std::chrono::duration_cast<milliseconds>(limit_ - Clock::now()));
}

Heard SerialLine::hear(milliseconds patience, std::string& bytes) {
    if (signal_ != 0) {
        return Heard::kStopped;
    }
    const milliseconds wait = std::min(patience, time_left());
    std::array<pollfd, 2> fds{{{port_.get(), POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(wait.count())) <= 0) {
        return time_left().count() == 0 ? Heard::kLimit : Heard::kSilence;
    }
    if (fds[1].revents != 0) {
        signal_ = signals_.take();
        return Heard::kStopped;
    }
    std::array<char, 4096> chunk;
    const auto got = ::read(port_.get(), chunk.data(), chunk.size());
    if (got <= 0) {
        close();
        return Heard::kBroken;
    }
    const std::string_view fresh(chunk.data(), static_cast<std::size_t>(got));
    log_(fresh);
    bytes += fresh;
    // A board that never stops talking must not outlast the limit.
    return time_left().count() == 0 ? Heard::kLimit : Heard::kBytes;
}

bool SerialLine::say(std::string_view bytes) {
    constexpr int kWriteMilliseconds = 5000;
    while (!bytes.empty()) {
        pollfd fd{port_.get(), POLLOUT, 0};
        if (::poll(&fd, 1, kWriteMilliseconds) <= 0 || (fd.revents & POLLOUT) == 0) {
            return false;
        }
        const auto put = ::write(port_.get(), bytes.data(), bytes.size());
        if (put <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

ProcessEnd SerialLine::lend(const std::string& program, std::vector<std::string> arguments,
                            const Sink& on_error) {
    const Command command{program, std::move(arguments), port_.get()};
    const ProcessEnd end = run_process(
        command, {time_left(), milliseconds(500)}, [](std::string_view) {}, on_error);
    if (end.ending == Ending::kInterrupted) {
        signal_ = end.code;
    }
    // What was ended by force has left the port as it needed it.
    (void)make_raw();
    return end;
}

bool is_garbage(std::string_view bytes) {
    constexpr std::size_t kEnough = 16;
    const auto strange = std::count_if(bytes.begin(), bytes.end(), [](char c) {
        return (c < ' ' || c > '~') && c != '\r' && c != '\n' && c != '\t' && c != '\b' &&
               c != '\x1b';
    });
    return bytes.size() >= kEnough && static_cast<std::size_t>(strange) * 4 > bytes.size();
}

}  // namespace hm::host
