#pragma once
// One run at a time in a folder.

#include <filesystem>

#include "host/base/descriptor.hpp"

namespace hm::host {

/// The kernel gives the lock back when this is destroyed, or when the program dies.
class FolderLock {
  public:
    /// Takes the lock of `folder`; false if another program has it. A folder that does not exist
    /// yet, or whose file system has no locks, is free.
    [[nodiscard]] bool take(const std::filesystem::path& folder);

  private:
    FileDescriptor fd_;
};

}  // namespace hm::host
