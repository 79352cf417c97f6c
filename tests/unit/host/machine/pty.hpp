#pragma once
// A serial port for tests: the tool opens `path()`, and the test is what is plugged into it.

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace hm::host::testing {

class Pty {
  public:
    /// `link` names the port, whatever it is called by the system.
    explicit Pty(std::filesystem::path link) : link_(std::move(link)) { plug_in(); }
    Pty(const Pty&) = delete;
    Pty& operator=(const Pty&) = delete;
    ~Pty() { pull_out(); }

    [[nodiscard]] std::string path() const { return link_.string(); }
    [[nodiscard]] int fd() const { return master_; }

    void pull_out() {
        if (master_ >= 0) {
            ::close(std::exchange(master_, -1));
            std::filesystem::remove(link_);
        }
    }

    void plug_in() {
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) {
            throw std::runtime_error("no pseudo-terminal");
        }
        const std::string name = ::ptsname(master_);
        // What is said before the tool opens the port is not to be echoed.
        const int slave = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios modes{};
        ::tcgetattr(slave, &modes);
        ::cfmakeraw(&modes);
        ::tcsetattr(slave, TCSANOW, &modes);
        ::close(slave);
        std::filesystem::remove(link_);
        std::filesystem::create_symlink(name, link_);
    }

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto put = ::write(master_, bytes.data(), bytes.size());
            if (put <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
    }

    /// What came within a short while.
    [[nodiscard]] std::string read() const {
        pollfd fd{master_, POLLIN, 0};
        constexpr int kMilliseconds = 20;
        if (::poll(&fd, 1, kMilliseconds) > 0 && (fd.revents & POLLIN) != 0) {
            std::array<char, 4096> chunk;
            const auto got = ::read(master_, chunk.data(), chunk.size());
            return {chunk.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
        }
        if ((fd.revents & POLLHUP) != 0) {  // nobody has the port open
            std::this_thread::sleep_for(std::chrono::milliseconds(kMilliseconds));
        }
        return {};
    }

  private:
    std::filesystem::path link_;
    int master_ = -1;
};

}  // namespace hm::host::testing
