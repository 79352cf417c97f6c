#pragma once
// QEMU's monitor (QMP), over which the host ends a machine. It is a socket in a folder of its own,
// which only this user can enter; nothing that a guest can reach leads there.

#include <filesystem>
#include <string>

#include "host/base/descriptor.hpp"

namespace hm::host {

class Qmp {
  public:
    Qmp() = default;
    Qmp(const Qmp&) = delete;
    Qmp& operator=(const Qmp&) = delete;
    ~Qmp();

    /// Makes the folder. What went wrong, in one line, or nothing.
    [[nodiscard]] std::string open();

    /// Where QEMU is to make the socket; empty before open().
    [[nodiscard]] const std::filesystem::path& socket() const { return socket_; }

    /// Asks QEMU to end. What does not listen does not hear it.
    void quit();

  private:
    std::filesystem::path socket_;
    FileDescriptor connection_;
};

}  // namespace hm::host
