#pragma once
// How QEMU is called, and how the target's own command line is made.

#include <filesystem>
#include <string>

#include "host/base/process.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// "suite=quick only=timer count=100": what the target reads, in the form of
/// measure::parse_request.
[[nodiscard]] std::string target_command_line(const RunOptions& options);

/// `program` boots the image as the virt board; what QEMU complains of goes to `complaints`.
[[nodiscard]] Command qemu_command(const RunOptions& options, const std::string& program,
                                   const std::filesystem::path& complaints);

/// The first line of what `program --version` says, empty where it says nothing.
[[nodiscard]] std::string qemu_version(const std::string& program);

}  // namespace hm::host
