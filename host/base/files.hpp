#pragma once
// Whole files, read and written at once.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hm::host {

/// What the name of a file has after it until the file is complete.
inline constexpr const char* kDraftSuffix = ".part";

/// The bytes of a file, or nothing if it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path);

/// Replaces a file in one step: a reader sees the old bytes or the new ones. False on failure;
/// errno says why.
[[nodiscard]] bool write_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes a folder, if it is not there, and those that it lies in. Why that failed, in one line;
/// empty if it did not.
[[nodiscard]] std::string make_folder(const std::filesystem::path& path);

}  // namespace hm::host
