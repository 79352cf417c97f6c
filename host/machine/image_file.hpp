#pragma once
// The image that an emulator loads.

#include <filesystem>
#include <string>

namespace hm::host {

/// Why `image` is no ELF file that an emulator could load, or empty. Without this an emulator runs
/// what it has instead, in silence, until a limit ends it.
[[nodiscard]] std::string why_not_loadable(const std::filesystem::path& image);

/// The same of a uImage, which must be whole.
[[nodiscard]] std::string why_no_uimage(const std::filesystem::path& image);

}  // namespace hm::host
