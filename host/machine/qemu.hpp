#pragma once
// QEMU as a machine.

#include <filesystem>
#include <string>

#include "host/base/process.hpp"
#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kQemu;

/// `program` boots the image on the board's machine; QEMU's complaints go to `complaints`.
[[nodiscard]] Command qemu_command(const RunOptions& options, const std::string& program,
                                   const std::filesystem::path& complaints);

/// The first line of what `program --version` says, empty if it says nothing.
[[nodiscard]] std::string qemu_version(const std::string& program);

}  // namespace hm::host
