#pragma once
// How QEMU is called.

#include <filesystem>
#include <string>

#include "host/base/process.hpp"
#include "host/machine/run_options.hpp"

namespace hm::host {

/// How QEMU runs here, whatever it is to run.
struct QemuPlace {
    std::string program;
    std::filesystem::path complaints;  ///< where QEMU's complaints go
    std::filesystem::path monitor;     ///< the socket over which it is ended
    bool sandbox = false;              ///< it gives up system calls that it does not need
};

/// Boots the image on the board's machine.
[[nodiscard]] Command qemu_command(const RunOptions& options, const QemuPlace& place);

/// Whether `program` can run with the sandbox that qemu_command asks for: QEMU has to be built for
/// it, and this computer has to allow it.
[[nodiscard]] bool qemu_has_sandbox(const std::string& program);

/// The first line of what `program --version` says, empty if it says nothing.
[[nodiscard]] std::string qemu_version(const std::string& program);

/// Where its clock counts instructions, it records what it does. It cannot record two cores.
[[nodiscard]] bool qemu_records(const RunOptions& options);

}  // namespace hm::host
