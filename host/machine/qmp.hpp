#pragma once
// QEMU's monitor (QMP), over which the host ends a machine. It is a socket in a folder of its own,
// which only this user can enter; nothing that a guest can reach leads there.

#include <filesystem>
#include <string>

#include "host/base/descriptor.hpp"
#include "host/base/temporary_folder.hpp"

namespace hm::host {

class Qmp {
  public:
    /// Why QEMU cannot make the socket, in one line; empty if it can.
    [[nodiscard]] std::string error() const;

    /// Where QEMU is to make the socket.
    [[nodiscard]] std::filesystem::path socket() const { return folder_.path() / "qmp"; }

    /// Asks QEMU to end. What does not listen does not hear it.
    void quit();

  private:
    TemporaryFolder folder_;
    FileDescriptor connection_;
};

}  // namespace hm::host
