#pragma once
// A folder for temporary files.

#include <filesystem>
#include <string>

namespace hm::host {

/// A new folder that only this user can enter. It is removed, with all that is in it, when this is
/// destroyed.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    /// Why there is no folder, in one line; empty if there is one.
    [[nodiscard]] const std::string& error() const { return error_; }

    /// Empty if there is no folder.
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
    std::string error_;
};

}  // namespace hm::host
