#pragma once
// A file that is written piece by piece, and says why it could not be.

#include <filesystem>
#include <string_view>

#include "host/base/descriptor.hpp"

namespace hm::host {

class FileWriter {
  public:
    /// Empties the file, or makes it.
    explicit FileWriter(const std::filesystem::path& path);

    /// Adds `bytes`; nothing more once a write has failed.
    void write(std::string_view bytes);
    void close();

    /// errno of the first step that failed, or 0.
    [[nodiscard]] int error() const { return error_; }

  private:
    FileDescriptor fd_;
    int error_ = 0;
};

}  // namespace hm::host
