#pragma once
// How QEMU is called.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

/// What it is to run.
struct QemuStart {
    const Board* board = nullptr;
    EntryMode entry = EntryMode::kHyp;
    unsigned cores = 1;  ///< and memory, unless the machine has always the same
    unsigned megabytes = 0;
    /// An instruction takes 2^shift ns of the virtual clock; nothing: that follows this computer's.
    std::optional<unsigned> shift;
    std::filesystem::path image;
    std::string append;          ///< the image's command line
    std::filesystem::path tree;  ///< a device tree, where the machine makes none
    std::vector<std::string> more{};
    /// Its console has input. Then time passes as on this computer while it waits for some.
    bool has_input = false;

    /// Where its clock counts instructions, it records what it does. It cannot record a machine of
    /// several cores, and takes no input then.
    [[nodiscard]] bool records() const {
        return shift && cores == 1 && board->qemu.cores < 2 && !has_input;
    }
};

/// Boots the image on the board's machine.
[[nodiscard]] Command qemu_command(const QemuStart& start, const QemuPlace& place);
[[nodiscard]] Command qemu_command(const RunOptions& options, const QemuPlace& place);

/// The arguments with which QEMU writes the device tree of that machine to a file, and ends.
[[nodiscard]] std::vector<std::string> qemu_tree_arguments(const QemuStart& start,
                                                           const std::filesystem::path& file);

/// `path` as a value within one of QEMU's options, where a comma is written twice.
[[nodiscard]] std::string qemu_value(const std::filesystem::path& path);

/// Whether `program` can run with the sandbox that qemu_command asks for: QEMU has to be built for
/// it, and this computer has to allow it.
[[nodiscard]] bool qemu_has_sandbox(const std::string& program);

/// The first line of what `program --version` says, empty if it says nothing.
[[nodiscard]] std::string qemu_version(const std::string& program);

/// The board's image with the parameters of the run.
[[nodiscard]] QemuStart qemu_start(const RunOptions& options);

}  // namespace hm::host
