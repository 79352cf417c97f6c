#pragma once
// gem5 as a machine.

#include <filesystem>
#include <string>
#include <string_view>

#include "host/base/process.hpp"
#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kGem5;

/// What toolchain/gem5/hypmeter.py says that it has built, an object of names and values, in one
/// line: "ex5_big with mhz=1700 ..". Ratios depend on all of it. Empty if it is no such object.
[[nodiscard]] std::string gem5_configuration(std::string_view parameters);

/// The tree that gem5 was built in: of TREE/build/ARM/gem5.opt, or a link to it, TREE.
[[nodiscard]] std::filesystem::path gem5_tree(const std::string& program);

/// The file of the tree that describes the core.
[[nodiscard]] std::filesystem::path gem5_core_model(const std::filesystem::path& tree);

/// The device tree of a run, in gem5's `folder`.
[[nodiscard]] std::filesystem::path gem5_device_tree(const std::filesystem::path& folder);

/// `program` boots the image beside its device tree, and keeps its files in `folder`.
[[nodiscard]] Command gem5_command(const RunOptions& options, const std::string& program,
                                   const std::filesystem::path& folder);

/// "24.0.0.1", from the first lines of its output; empty if they do not say.
[[nodiscard]] std::string gem5_version(std::string_view banner);

}  // namespace hm::host
